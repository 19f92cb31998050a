# SPDX-License-Identifier: Apache-2.0
# signalwire('Name') in expressions, where httpd asks them: authorization,
# headers, logs, error pages; empty, and said so, where that is too early. And
# what other modules get by signalwire_field().
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/(?!docs)" @APPS@/echo.cgi
<Location />
    <SignalWireWebhook all>
    </SignalWireWebhook>
</Location>
EOT

my $form = 'CallSid=c1&From=%2B1555&CallStatus=completed&AudioInMos=4.5&A.b=%e9'
    . '&Timestamp=Tue,+03+Mar+2026+09:15:44+%2B0000';
my @form = (form => $form, sign => 'form');
my $json = '{"call":{"call_id":"c1","from":"+1555","headers":[{"name":"X-A","value":"v"}]},'
    . '"vars":{"user":{"name":"Zo\u00eb","none":null}},"From":"raw",'
    . '"media":[{"url":"u0"},{"url":"u1"}]}';
my @json = (json => $json, sign => 'sha1');

each_mpm {
    values_of();
    authorization();
    headers_and_logs();
    per_directory();
};

subtest 'too early'         => \&too_early;
subtest 'error pages'       => \&error_pages;
subtest 'for other modules' => \&other_modules;
subtest 'sub-requests'      => \&sub_requests;

finish;
done_testing;

# What a name stands for.
sub values_of {
    my %names = (
        form => [
            Event => 'voice.status', event => 'voice.status', EVENT => 'voice.status',
            Call_Id => 'c1', 'CALL-ID' => 'c1', 'call-id' => 'c1', From => '+1555', FROM => '+1555',
            Terminal => 1, Time => '2026-03-03T09:15:44.000Z', Format => 'form', Digits => '',
            Webhook => 'all', Verified => 'form', Key => 1, Verify_Reason => '',
            AudioInMos => '4.5', audioinmos => '', CallSid => 'c1', 'A.b' => "\xef\xbf\xbd",
            q => 'query', Nothing => '', 'Media-Url-0' => '', Param_From => '',
            SIGNALWIRE_FROM => '',
        ],
        json => [
            From => '+1555', 'call.from' => '+1555', 'call.call_id' => 'c1', q => 'query',
            'call.headers.0.name' => 'X-A', 'call.headers.1.name' => '', 'Call.from' => '',
            'vars.user.name' => "Zo\xc3\xab", 'vars.user.none' => '', 'vars.user' => '',
            'media.0.url' => 'u0', 'media.1.url' => 'u1', 'media.-1.url' => '',
            'vars..name' => '', '.' => '', 'call.' => '',
        ],
        media => [ 'Media-Url-0' => 'u0', MEDIA_TYPE_0 => 't', Media_Url_1 => '', MediaUrl0 => 'u0', Body => 'a  b' ],
    );
    my %request = (form => \@form, json => \@json, media => [
        form => 'MessageSid=m1&MediaUrl0=u0&MediaContentType0=t&Body=a%0d%0ab', sign => 'form' ]);
    for my $kind (sort keys %names) {
        my @pairs = @{ $names{$kind} };
        my (@headers, @want);
        while (my ($name, $value) = splice @pairs, 0, 2) {
            push @headers, 'Header set X-' . @want . qq( "expr=[%{signalwire:$name}]");
            push @want, [ $name, "[$value]" ];
        }
        my $s = server(conf => join "\n", $conf, @headers, '');
        $s->log->expect(qr/SW0019: signalwire\('(?:audioinmos|SIGNALWIRE_FROM)'\)/, 2) if $kind eq 'form';
        my $reply = answers $s, "$kind: values",
            POST('/x?q=query&From=other&call.from=other', @{ $request{$kind} }), 200;
        is $reply->header("X-$_"), $want[$_][1], "$kind: $want[$_][0]" for 0 .. $#want;
        finish;
    }
}

sub authorization {
    my $s = server(conf => $conf . <<'EOT');
<Location /require>
    Require expr "signalwire('Event') == 'message.incoming' && signalwire('From') =~ /^\+1/"
</Location>
<Location /any>
    <RequireAny>
        Require expr "signalwire('call.from') == '+1555'"
        Require expr "%{signalwire:Event} -in { 'voice.dial', 'voice.record' }"
    </RequireAny>
</Location>
EOT
    my $asks = sub {
        my ($name, $status, $target, @body) = @_;
        answers $s, "Require expr: $name", POST($target, @body), $status,
            log => $status == 200 ? undef : qr/AH01630/;
    };
    $asks->('granted',         200, '/require', form => 'MessageSid=1&From=%2B1', sign => 'form');
    $asks->('another event',   403, '/require', @form);
    $asks->('another sender',  403, '/require', form => 'MessageSid=1&From=2', sign => 'form');
    $asks->('a raw parameter', 200, '/any', @json);
    $asks->('one of several',  200, '/any', form => 'DialCallSid=1', sign => 'form');
    $asks->('none of them',    403, '/any', form => 'MessageSid=1', sign => 'form');
    finish;
}

sub headers_and_logs {
    my $s = server(conf => $conf . <<'EOT');
Header set X-If yes "expr=signalwire('Event') == 'voice.status'"
Header set X-If no  "expr=signalwire('Event') != 'voice.status'"
Header set X-Lower "expr=%{tolower:%{signalwire:Event}}"
RequestHeader set X-From-Env  "%{SIGNALWIRE_FROM}e"
RequestHeader set X-From-Expr "expr=%{signalwire:From}"
RequestHeader set X-Is-Final  1 "expr=signalwire('Terminal') -eq 1"
LogFormat "%U %{SIGNALWIRE_EVENT}e %{SIGNALWIRE_FROM}n %{SIGNALWIRE_TIME}e" fields
CustomLog logs/fields.log fields
CustomLog logs/final.log "%U" "expr=signalwire('Terminal') == '1'"
CustomLog logs/event.log "%U" env=SIGNALWIRE_EVENT
EOT
    answers $s, 'Header, RequestHeader', POST('/status', @form), 200,
        fields => { 'X-If' => 'yes', 'X-Lower' => 'voice.status' },
        env => { HTTP_X_FROM_ENV => '+1555', HTTP_X_FROM_EXPR => '+1555', HTTP_X_IS_FINAL => 1 };
    answers $s, 'of another event', POST('/call', @json), 200, fields => { 'X-If' => 'no' },
        env => { HTTP_X_FROM_ENV => '+1555', HTTP_X_IS_FINAL => undef };
    answers $s, 'of one that is refused', POST('/refused', form => $form), 403, log => qr/SW0101/,
        fields => { 'X-If' => '' };
    finish;
    # Children write in the order in which they come to it.
    is join('', sort { $b cmp $a } split /^/m, $s->read_file('logs/fields.log')), <<'EOT', 'LogFormat';
/status voice.status +1555 2026-03-03T09:15:44.000Z
/refused - - -
/call swml.call +1555 -
EOT
    is $s->read_file('logs/final.log'), "/status\n", 'CustomLog expr=';
    is $s->read_file('logs/event.log'), "/status\n/call\n", 'CustomLog env=';
}

sub per_directory {
    my %files = map { ("htdocs/docs/$_" => $_) } qw(call.txt message.txt other.txt);
    $files{'htdocs/docs/.htaccess'} = <<'EOT';
RewriteEngine On
RewriteCond %{ENV:SIGNALWIRE_EVENT} =message.incoming
RewriteRule ^in$ message.txt [L]
RewriteCond expr "signalwire('call.from') == '+1555'"
RewriteRule ^in$ call.txt [L]
RewriteRule ^in$ other.txt [L]
EOT
    my $s = server(modules => 'rewrite', files => \%files, conf => $conf . <<'EOT');
<Directory "@ROOT@/htdocs">
    AllowOverride FileInfo
    Options FollowSymLinks
</Directory>
EOT
    my @message = (form => 'MessageSid=1', sign => 'form');
    answers $s, 'RewriteCond %{ENV:...}', POST('/docs/in', @message), 200, app => '',
        body => 'message.txt';
    answers $s, 'RewriteCond expr', POST('/docs/in', @json), 200, app => '', body => 'call.txt';
    answers $s, 'neither', POST('/docs/in', @form), 200, app => '', body => 'other.txt';
    finish;
}

# Before access checking: empty, and one warning for all of it.
sub too_early {
    my %early = (
        'SetEnvIfExpr' => "SetEnvIfExpr \"signalwire('From') == ''\" EMPTY=1",
        '<If>'         => "<If \"signalwire('From') == ''\">\nSetEnv EMPTY 1\n</If>",
        'RewriteRule'  => "RewriteEngine On\nRewriteCond expr \"signalwire('From') == ''\"\n"
            . 'RewriteRule ^ - [E=EMPTY:1]',
    );
    for my $name (sort keys %early) {
        my $s = server(modules => 'rewrite', conf => $conf . "$early{$name}\n");
        my @empty = (env => { EMPTY => 1, SIGNALWIRE_FROM => '+1555' });
        answers $s, "$name: empty", POST('/x', @form), 200, log => qr/SW0121: /, @empty;
        answers $s, "$name: said once", POST('/x', @form), 200, @empty for 1 .. 3;
        finish;
    }
    my $s = server(conf => <<'EOT');
ScriptAliasMatch "^/" @APPS@/echo.cgi
Header set X-Outside "expr=[%{signalwire:From}]"
SignalWireSigningKey @KEY@
<Location /in>
    <SignalWireWebhook in>
    </SignalWireWebhook>
</Location>
EOT
    answers $s, 'outside of blocks: empty, and no warning', POST('/x', @form), 200,
        fields => { 'X-Outside' => '[]' };
    finish;
}

sub error_pages {
    my $s = server(conf => $conf . <<'EOT');
ErrorDocument 404 "Nothing here for %{signalwire:Event} of %{signalwire:From}."
ErrorDocument 403 "No %{signalwire:Event}."
EOT
    answers $s, 'of what has passed', POST('/docs/x', @form), 404,
        body => 'Nothing here for voice.status of +1555.';
    answers $s, 'of what was refused', POST('/docs/x', form => $form), 403, log => qr/SW0101/,
        body => 'No .';
    finish;
}

sub other_modules {
    my $module = SW::Config::build_dir() . '/t/apps/.libs/mod_swfield.so';
    need 'the test module', -f $module or return;
    my %names = (from => 'From', audio => 'AudioInMos', verdict => 'Verdict',
                 digits => 'DIGITS', card => 'CVV', path => 'call.from', event => 'event');
    my $asks = join '', map { <<"EOT" } sort keys %names;
<LocationMatch "/$_\$">
    SWField $names{$_}
</LocationMatch>
EOT
    my $s = server(conf => "LoadModule swfield_module $module\n$conf$asks" . <<'EOT');
<Location /export-none>
    <SignalWireWebhook none>
        SignalWireExport none
    </SignalWireWebhook>
</Location>
EOT
    my $is = sub {
        my ($target, $value, @body) = @_;
        my $reply = answers $s, $target, POST($target, @body), 200;
        is $reply->header('X-Field'), $value, "$target: '$value'";
        is scalar(grep { $_->[0] eq 'X-Field' } @{ $reply->{fields} }), $value eq '' ? 0 : 1,
            "$target: or NULL";
    };
    $is->('/from', '+1555', @form);
    $is->('/audio', '4.5', @form);
    $is->('/event', 'voice.status', @form);
    $is->('/path', '+1555', @json);
    $is->('/verdict', 'verified', @form);
    $is->('/digits', '', @form);
    $is->('/card', '', form => 'CallSid=1&CVV=123', sign => 'form');
    $is->('/export-none/from', '+1555', @form);
    finish;
}

# What is included stands in a block of its own, whose verdict counts there.
sub sub_requests {
    my $page = '<!--#if expr="signalwire(\'Verified\') == \'form\'" -->verified'
        . '<!--#else -->not verified<!--#endif -->';
    my $s = server(modules => 'include', conf => <<'EOT', files => {
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<Directory "@ROOT@/htdocs">
    Require all granted
    Options +Includes
    AddOutputFilter INCLUDES .shtml
</Directory>
<Location "/outer">
    <SignalWireWebhook outer>
    </SignalWireWebhook>
</Location>
<Location "/inner">
    <SignalWireWebhook inner>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
EOT
        'htdocs/outer/page.shtml' => qq($page, <!--#include virtual="/inner/page.shtml" -->),
        'htdocs/inner/page.shtml' => $page });
    answers $s, 'each by its own block', GET('/outer/page.shtml?CallSid=1', sign => 'form'), 200,
        app => '', body => qr/\Averified, not verified\s*\z/;
    finish;
}
