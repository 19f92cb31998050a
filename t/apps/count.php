<?php
// SPDX-License-Identifier: Apache-2.0
// As count.cgi.
preg_match('/([\w-]+)$/', $_SERVER['PATH_INFO'], $match);
$word = $match[1];
$done = $_SERVER['DONE'];
$once = $_SERVER['SIGNALWIRE_ONCE'] ?? 'none';

file_put_contents("$done/runs", "$word\n", FILE_APPEND | LOCK_EX);
while (file_exists("$done/$word.wait") && !file_exists("$done/$word.go")) {
    usleep(10000);
    clearstatcache();
}
$reply = explode("\n", @file_get_contents("$done/$word.reply") ?: '200 text/plain', 2);
[$status, $type] = explode(' ', $reply[0] . ' ', 2);
$body = $reply[1] ?? "$once: run " . preg_match_all("/^$word$/m", file_get_contents("$done/runs"));
http_response_code((int) $status);
header('Content-Type: ' . trim($type));
header("X-Run: $word");
echo $body;
flush();
file_put_contents("$done/ended", "$word\n", FILE_APPEND | LOCK_EX);
