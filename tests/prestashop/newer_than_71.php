<?php
/**
 * Prints what of a file PHP 7.1 does not understand, as JSON. Known is what people write.
 */
$functions = ['str_contains', 'str_starts_with', 'str_ends_with', 'array_key_first', 'array_key_last',
    'is_countable', 'hrtime', 'mb_str_split', 'get_debug_type', 'array_is_list', 'is_iterable'];
$words = ['fn' => 'fn', 'match' => 'match', 'enum' => 'enum'];
$tokens = array_values(array_filter(token_get_all(file_get_contents($argv[1])), function ($token) {
    return !is_array($token) || !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true);
}));
$text = function ($at) use ($tokens) {
    return isset($tokens[$at]) ? (is_array($tokens[$at]) ? $tokens[$at][1] : $tokens[$at]) : '';
};
$is = function ($at, $kind) use ($tokens) {
    return isset($tokens[$at]) && is_array($tokens[$at]) && $tokens[$at][0] === $kind;
};
$found = [];
$brackets = [];
foreach ($tokens as $at => $token) {
    $word = $text($at);
    if (is_array($token) && isset($words[$word]) && token_name($token[0]) !== 'T_STRING') {
        $found[] = $words[$word];
    }
    if ($word === '??=' || $word === '?->') {
        $found[] = $word;
    }
    if ($is($at, T_LNUMBER) && strpos($word, '_')) {
        $found[] = '_ in a number';
    }
    if ($is($at, T_STRING) && in_array(strtolower($word), $functions, true) && $text($at + 1) === '(') {
        $found[] = strtolower($word);
    }
    $opened = end($brackets);
    if (in_array($word, ['(', '[', '{', '#[', '${'], true) || $is($at, T_CURLY_OPEN)) {
        // `(` of a call or of a function: after a name, a variable or another bracket.
        $before = $text($at - 1);
        $calls = $word === '(' && preg_match('/^[\w\\\\$]+$|^[)\]]$/', $before)
            && !in_array($before, ['array', 'list', 'if', 'while', 'for', 'foreach', 'switch'], true);
        $isDeclared = $word === '(' && ($is($at - 1, T_FUNCTION) || $is($at - 2, T_FUNCTION));
        $brackets[] = [$word, $calls, $isDeclared, $before];
    } elseif (in_array($word, [')', ']', '}'], true)) {
        if ($opened && $opened[1] && $text($at - 1) === ',') {
            $found[] = 'comma after the last argument';
        }
        array_pop($brackets);
    }
    if ($opened && $opened[2] && $is($at, T_VARIABLE) === false
        && in_array($word, ['public', 'private', 'protected', 'readonly'], true)) {
        $found[] = 'promoted property';
    }
    if ($opened && $opened[2] && $word === '|') {
        $found[] = 'union type';
    }
    if ($opened && $opened[1] && !$opened[2] && $is($at, T_STRING) && $text($at + 1) === ':'
        && in_array($text($at - 1), ['(', ','], true)) {
        $found[] = 'named argument';
    }
    if ($word === '...' && $opened && $opened[0] === '[') {
        $found[] = '... in an array';
    }
    if ($word === '...' && $text($at + 1) === ')') {
        $found[] = 'first class callable';
    }
    $begins = in_array($text($at - 1), [';', '{', '}', ')', ':', 'else'], true) || $is($at - 1, T_OPEN_TAG);
    if ($is($at, T_THROW) && (!$begins || $text($at - 2) === '?')) {
        $found[] = 'throw in an expression';
    }
    if ($word === ')' && $opened && $opened[3] === 'catch' && !$is($at - 1, T_VARIABLE)) {
        $found[] = 'catch without a variable';
    }
    if ($word === 'static' && $text($at - 1) === ':' && $text($at - 2) === ')') {
        $found[] = 'return of static';
    }
    $isModifier = in_array($word, ['public', 'private', 'protected', 'static', 'var'], true);
    if ($isModifier && !($opened && $opened[0] === '(')) {
        $next = $at + 1;
        $next += (int) ($text($next) === 'static');
        $next += (int) ($text($next) === '?');
        if (!$is($next, T_VARIABLE) && $is($next + 1, T_VARIABLE) && !$is($next, T_FUNCTION)
            && preg_match('/^[\w\\\\]+$/', $text($next))) {
            $found[] = 'typed property';
        }
    }
}
echo json_encode(array_values(array_unique($found)));
