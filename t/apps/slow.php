<?php
// SPDX-License-Identifier: Apache-2.0
// As slow.cgi.
$body = file_get_contents('php://input');
preg_match('/([\w-]+)$/', $_SERVER['PATH_INFO'], $match);
$word = $match[1];
$done = $_SERVER['DONE'] . '/' . $word;
for ($i = 0; $i < 1000 && !file_exists("$done.go"); $i++) {
    usleep(10000);
    clearstatcache();
}
if (strncmp($word, 'fail-', 5) === 0) {
    http_response_code(500);
}
for ($i = 0; $i < 300; $i++) {
    echo str_repeat('x', 1000), "\n";
    flush();
}
file_put_contents($done, hash('sha256', $body) . ' ' . ($_SERVER['SIGNALWIRE_EVENT'] ?? 'none'));
rename($done, "$done.done");
