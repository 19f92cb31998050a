<?php
// SPDX-License-Identifier: Apache-2.0
//
// Delivery tracker: adds each message that failed, or was not delivered, to a
// CSV file. The idea is that of SignalWire's guide to SMS status callbacks.
//
// Configured in delivery-tracker.conf: DELIVERY_CSV names the file. The
// <SignalWireWebhook> block there verifies that requests are from SignalWire.
// Their texts are not trustworthy: anybody may have sent them.

declare(strict_types=1);

const COLUMNS = ['time', 'message', 'from', 'to', 'status', 'error code', 'error'];

http_response_code(main());

function main(): int
{
    if (field('EVENT') !== 'message.status'
        || !in_array(field('STATUS'), ['failed', 'undelivered'], true)) {
        return 204;
    }
    $file = $_SERVER['DELIVERY_CSV'] ?? '/var/lib/signalwire/delivery/failures.csv';
    if (append($file, failure())) {
        return 204;
    }
    error_log("delivery tracker: cannot write $file");
    return 500;         // SignalWire tries again
}

function field(string $name): string
{
    return $_SERVER["SIGNALWIRE_$name"] ?? '';
}

// Form callbacks carry no time.
function failure(): array
{
    return [
        field('TIME') ?: gmdate('Y-m-d\TH:i:s\Z'),
        field('MESSAGE_ID'),
        field('FROM'),
        field('TO'),
        field('STATUS'),
        field('ERROR_CODE'),
        field('ERROR_MESSAGE'),
    ];
}

function append(string $path, array $row): bool
{
    umask(0077);        // it holds telephone numbers
    $file = @fopen($path, 'ab');
    if (!$file || !flock($file, LOCK_EX)) {
        return false;
    }
    $lines = fstat($file)['size'] === 0 ? line(COLUMNS) . line($row) : line($row);
    return fwrite($file, $lines) === strlen($lines) && fclose($file);
}

function line(array $cells): string
{
    return implode(',', array_map('cell', $cells)) . "\r\n";
}

// A spreadsheet takes a cell for a formula by its first character; a telephone
// number is harmless. Every cell is quoted, since some split at semicolons.
function cell(string $text): string
{
    $text = trim(preg_replace('/[\x00-\x20\x7f]+/', ' ', $text));
    if (preg_match('/^(?:[=+@-]|＝|＋|＠|－)/', $text) && !preg_match('/^\+\d+\z/', $text)) {
        $text = "'$text";
    }
    return '"' . str_replace('"', '""', $text) . '"';
}
