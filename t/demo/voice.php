<?php
// SPDX-License-Identifier: Apache-2.0
// A small application of the usual kind: it answers a call and writes it down.
// It knows nothing of signatures.
$from = $_POST['From'] ?? '?';
$line = $_POST['CallSid'] . ': ' . count($_POST) . " parameters, From=$from\n";
file_put_contents(__DIR__ . '/calls.txt', $line, FILE_APPEND);
header('Content-Type: application/xml');
echo '<Response><Say>Hello, ', htmlspecialchars($from), "</Say></Response>\n";
