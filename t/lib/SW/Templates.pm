# SPDX-License-Identifier: Apache-2.0
#
# Templates as tests write them, line by line, and a block that answers by one.
package SW::Templates;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(cxml_of cxml_says swml_of swml_says configuration);

# One verb a line.
sub cxml_of   { return "<Response>\n" . join("\n", @_) . "\n</Response>\n" }
sub cxml_says { return cxml_of(map { "<Say>$_</Say>" } @_) }

# One step a line.
sub swml_of   { return qq({"version":"1.0.0",\n"sections":{"main":[\n) . join(",\n", @_) . "\n]}}\n" }
sub swml_says { return swml_of(map { qq({"play":{"url":"say:$_"}}) } @_) }

# A block with these lines.
sub configuration {
    my ($lines) = @_;
    return <<"EOT";
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
<Location /x>
    <SignalWireWebhook x>
        $lines
    </SignalWireWebhook>
</Location>
EOT
}

1;
