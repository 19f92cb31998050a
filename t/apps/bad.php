<?php
// SPDX-License-Identifier: Apache-2.0
// Answers as the query says: with a reply that the test has written into the
// directory REPLIES, or with the good one of them, spoilt as PHP does it.
$word = basename($_GET['reply']);
ini_set('log_errors', '0');
ini_set('display_errors', $word == 'fatal-hidden' ? '0' : '1');
$dir = $_SERVER['REPLIES'];
$reply = file_get_contents(is_file("$dir/$word") ? "$dir/$word" : "$dir/good");
[$head, $body] = explode("\n\n", $reply, 2);
foreach (explode("\n", $head) as $line) {
    if (str_starts_with($line, 'Status: ')) http_response_code((int) substr($line, 8));
    else header($line);
}
switch ($word) {
    case 'warning':
        echo $undefined . $body;
        break;
    case 'fatal-shown':
        echo substr($body, 0, 20);
        no_such_function();
    case 'fatal-hidden':
        no_such_function();
    case 'exits':
        echo substr($body, 0, -5);
        exit(1);
    case 'throws':
        echo substr($body, 0, -5);
        throw new Exception('The database is gone');
    default:
        echo $body;
}
