<?php
// SPDX-License-Identifier: Apache-2.0
// Reports the request that a PHP script gets.
$body = file_get_contents('php://input');
$sha = hash('sha256', $body);
header('Content-Type: application/json');
header('X-App: php-' . PHP_SAPI);
header('X-Body-Length: ' . strlen($body));
header("X-Body-SHA256: $sha");
$env = array_filter($_SERVER, 'is_string');
echo json_encode(['app' => 'php', 'method' => $_SERVER['REQUEST_METHOD'], 'target' => $_SERVER['REQUEST_URI'],
    'env' => $env, 'post' => $_POST, 'length' => strlen($body), 'sha256' => $sha], JSON_INVALID_UTF8_SUBSTITUTE);
