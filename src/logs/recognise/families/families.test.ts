import { describe, expect, it } from 'vitest';
import { createClassifier } from '../classify.ts';
import type { LineRole } from '../recogniser.ts';
import { FAMILIES } from './index.ts';

/** A line, the role it must get, and the error's type where the line has one. */
type Case = readonly [line: string, role: LineRole, errorType?: string];

/** For each family: lines that it must know, and lines that look like its own but say nothing went wrong. */
const CASES: Readonly<Record<string, { readonly yes: readonly Case[]; readonly calm: readonly string[] }>> = {
  'github-actions': {
    yes: [
      ['##[error]Process completed with exit code 2.', 'exit'],
      ['::error file=src/a.ts,line=3::Unused name', 'error'],
      ['##[group]Run npm ci', 'step'],
    ],
    calm: ['##[debug]error code', '##[endgroup]'],
  },
  ci: {
    yes: [
      ['The command "make check" exited with 2.', 'exit'],
      ['ERROR: Job failed: exit code 1', 'exit'],
      ['Finished: FAILURE', 'exit'],
    ],
    calm: ['The command "make check" exited with 0.', 'Process exited with code 0'],
  },
  mozilla: {
    yes: [
      ['TEST-UNEXPECTED-FAIL | dom/test_x.html | got 1, expected 2', 'failure', 'TEST-UNEXPECTED-FAIL'],
      ['PROCESS-CRASH | dom/test_x.html | application crashed', 'failure', 'PROCESS-CRASH'],
      ['TEST-START | dom/test_y.html', 'progress'],
    ],
    calm: ['TEST-PASS | dom/test_error.html | throws an error', 'LeakSanitizer | Leak checks disabled'],
  },
  pytest: {
    yes: [
      ['FAILED tests/test_cart.py::test_total - KeyError: 3', 'failure'],
      ['E       KeyError: 3', 'error', 'KeyError'],
      ['=================== 2 failed, 31 passed in 4.20s ===================', 'summary'],
      ['tests/test_cart.py::test_total PASSED                 [ 12%]', 'pass'],
    ],
    calm: ['tests/test_errors.py::test_failed_login PASSED [ 40%]'],
  },
  unittest: {
    yes: [
      ['FAIL: test_total (tests.cart.CartTest)', 'failure'],
      ['FAILED (failures=1, errors=2)', 'summary'],
      ['test_total (tests.cart.CartTest) ... ok', 'pass'],
    ],
    calm: ['test_error_message (tests.cart.CartTest) ... ok'],
  },
  python: {
    yes: [
      ['Traceback (most recent call last):', 'section'],
      ['  File "/app/cart.py", line 30, in total', 'frame'],
      ['ValueError: bad price', 'error', 'ValueError'],
    ],
    calm: ['ValueErrorHandler registered'],
  },
  pip: {
    yes: [
      ['ERROR: Could not find a version that satisfies the requirement foo==9', 'error'],
      ['Collecting requests==2.31', 'progress'],
      ['Successfully installed requests-2.31.0', 'pass'],
    ],
    calm: ['Collecting pytest-rerunfailures', 'Requirement already satisfied: exceptiongroup in ./lib'],
  },
  'python-lint': {
    yes: [
      ['src/cart.py:30: error: Incompatible return value type  [return-value]', 'error', 'return-value'],
      ['src/cart.py:3:1: F401 imported but unused', 'error', 'F401'],
      ['would reformat src/cart.py', 'failure'],
    ],
    calm: [
      'Success: no issues found in 12 source files',
      'Check for broken symlinks.......................Passed',
    ],
  },
  jest: {
    yes: [
      ['FAIL src/cart.test.ts', 'failure'],
      ['  ● cart › adds up', 'failure'],
      ['Tests:       1 failed, 30 passed, 31 total', 'summary'],
    ],
    calm: ['PASS src/error-boundary.test.tsx (2.1 s)'],
  },
  vitest: {
    yes: [
      [' FAIL  src/cart.test.ts > cart > adds up', 'failure'],
      [' Test Files  1 failed | 3 passed (4)', 'summary'],
      [' ✓ src/price.test.ts (12 tests) 30ms', 'pass'],
    ],
    calm: [' ✓ src/errors.test.ts > throws an error when it failed'],
  },
  mocha: {
    yes: [
      ['  1) cart adds up:', 'failure'],
      ['  3 failing', 'summary'],
      ['    ✔ adds up (4ms)', 'pass'],
    ],
    calm: ['    ✓ rejects when the connection failed (31ms)'],
  },
  tap: {
    yes: [
      ['not ok 3 - adds up', 'failure'],
      ['ok 4 - subtracts', 'pass'],
      ['Bail out! no database', 'error'],
    ],
    // TODO is a directive of TAP: such a test may fail.
    calm: ['ok 12 - fails with an error when refused', 'not ok 4 - later # TODO not written'],
  },
  tsc: {
    yes: [
      ["src/cart.ts(3,14): error TS2345: Argument of type 'a'", 'error', 'TS2345'],
      ["src/cart.ts:3:14 - error TS2322: Type 'a'", 'error', 'TS2322'],
      ['Found 3 errors in 2 files.', 'summary'],
    ],
    calm: ['TSFILE: dist/error.js'],
  },
  eslint: {
    yes: [
      ["  3:14  error  'a' is never used  no-unused-vars", 'error', 'no-unused-vars'],
      ['  3:14  warning  Unexpected console statement  no-console', 'warning'],
      ['✖ 3 problems (1 error, 2 warnings)', 'summary'],
    ],
    calm: ['All matched files use Prettier code style!'],
  },
  npm: {
    yes: [
      ['npm ERR! code ERESOLVE', 'error', 'ERESOLVE'],
      ['npm WARN deprecated glob@7.2.3: old', 'warning'],
      ['> cart@1.0.0 test', 'step'],
    ],
    calm: ['added 3 packages in 2s', 'up to date, audited 3 packages: error-ex'],
  },
  node: {
    yes: [
      ["TypeError: Cannot read properties of undefined (reading 'x')", 'error', 'TypeError'],
      ['    at total (/app/cart.js:30:11)', 'frame'],
      ['Module not found: Error: no cart', 'error'],
    ],
    calm: ['Node.js v24.1.0'],
  },
  go: {
    yes: [
      ['--- FAIL: TestTotal (0.00s)', 'failure'],
      ['panic: runtime error: index out of range', 'error'],
      ['ok  \tshop/cart\t0.012s', 'pass'],
    ],
    calm: ['--- PASS: TestErrorIsRefused (0.00s)', '=== RUN   TestFailed'],
  },
  docker: {
    yes: [
      ['#12 ERROR: process "/bin/sh -c make" did not complete', 'failure'],
      ['Error response from daemon: no such image', 'error'],
      ['Step 3/9 : RUN make', 'step'],
    ],
    calm: ['db-1 exited with code 0', '#5 CACHED'],
  },
  bazel: {
    yes: [
      ['FAIL: //shop:cart_test (see /tmp/test.log)', 'failure'],
      ['ERROR: /shop/BUILD:3:1: no such target', 'error'],
      ['//shop:cart_test    PASSED in 0.3s', 'pass'],
    ],
    calm: ['//shop:error_test   (cached) PASSED in 0.2s'],
  },
  cloud: {
    yes: [
      ['Error: Invalid reference', 'error'],
      ['fatal: [web1]: FAILED! => {"changed": false}', 'failure'],
      ['pod/cart-1   0/1   CrashLoopBackOff   5', 'error', 'CrashLoopBackOff'],
    ],
    calm: [
      'ok: [web1]',
      'web1 : ok=3 changed=1 unreachable=0 failed=0',
      'deployment.apps/error-page created',
    ],
  },
  maven: {
    yes: [
      ['[ERROR] /shop/src/Cart.java:[30,14] cannot find symbol', 'error'],
      ['Tests run: 3, Failures: 1, Errors: 0, Skipped: 0', 'summary'],
      ['[INFO] BUILD FAILURE', 'summary'],
    ],
    calm: [
      'Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s',
      '[INFO] Running shop.ErrorTest',
    ],
  },
  gradle: {
    yes: [
      ['> Task :cart:test FAILED', 'failure'],
      ['FAILURE: Build failed with an exception.', 'section'],
      ['CartTest > addsUp FAILED', 'failure'],
    ],
    calm: ['> Task :failureReport UP-TO-DATE', 'ErrorTest > failsWell PASSED'],
  },
  sbt: {
    yes: [
      ['[error] /shop/Cart.scala:30:14: not found: value x', 'error'],
      ['[info] - adds up *** FAILED ***', 'failure'],
      ['[success] Total time: 3 s', 'pass'],
    ],
    calm: ['[info] - fails with an error when empty'],
  },
  java: {
    yes: [
      ['java.lang.IllegalStateException: closed', 'error', 'java.lang.IllegalStateException'],
      ['Caused by: java.io.IOException: gone', 'cause', 'java.io.IOException'],
      ['\tat shop.Cart.total(Cart.java:30)', 'frame'],
    ],
    calm: ['Picked up JAVA_TOOL_OPTIONS: -XX:+ExitOnOutOfMemoryError'],
  },
  javac: {
    yes: [
      ['Cart.java:30: error: cannot find symbol', 'error'],
      ['e: file:///shop/Cart.kt:3:1 Unresolved reference', 'error'],
      ['3 errors', 'summary'],
    ],
    calm: ['Note: ErrorPage.java uses unchecked or unsafe operations.'],
  },
  junit: {
    yes: [
      ['1) addsUp(shop.CartTest)', 'failure'],
      ['FAILURES!!!', 'summary'],
      ["   |   '-- addsUp() [OK]", 'pass'],
    ],
    calm: ["   |   '-- failsWithError() [OK]"],
  },
  rspec: {
    yes: [
      ['rspec ./spec/cart_spec.rb:30 # Cart adds up', 'failure'],
      ['     Failure/Error: expect(total).to eq 3', 'error'],
      ['3 examples, 1 failure', 'summary'],
    ],
    calm: ['12 files inspected, no offenses detected'],
  },
  ruby: {
    yes: [
      ["cart.rb:30:in `total': bad price (ArgumentError)", 'error', 'ArgumentError'],
      ["\tfrom cart.rb:12:in `run'", 'frame'],
      ['rake aborted!', 'error'],
    ],
    calm: ['Using rspec-failures 1.0.3', 'Installing error_highlight 0.6.0'],
  },
  phpunit: {
    yes: [
      ['1) Shop\\CartTest::testTotal', 'failure'],
      ['Failed asserting that 3 matches expected 4.', 'error'],
      ['Tests: 3, Assertions: 9, Failures: 1.', 'summary'],
    ],
    calm: ['.................  17 / 17 (100%)', ' [OK] No errors'],
  },
  php: {
    yes: [
      ['PHP Fatal error:  Uncaught TypeError: bad price in cart.php:3', 'error', 'TypeError'],
      ['#0 /app/cart.php(30): total()', 'frame'],
      ['Your requirements could not be resolved to an installable set of packages.', 'error'],
    ],
    calm: ['  - Installing shop/error-handler (v1.2.0): Extracting archive'],
  },
  dotnet: {
    yes: [
      ['Cart.cs(30,14): error CS0103: The name is unknown [/shop/Cart.csproj]', 'error', 'CS0103'],
      ['Build FAILED.', 'summary'],
      ['   at Shop.Cart.Total(Int32 n) in /shop/Cart.cs:line 30', 'frame'],
    ],
    calm: ['  Restored /shop/Errors.csproj (in 300 ms).'],
  },
  'dotnet-test': {
    yes: [
      ['  Failed Shop.CartTest.AddsUp [12 ms]', 'failure'],
      ['    Shop.CartTest.AddsUp [FAIL]', 'failure'],
      ['Failed!  - Failed:     1, Passed:     3', 'summary'],
    ],
    calm: ['  Passed Shop.ErrorTest.FailsWell [3 ms]'],
  },
  sanitizers: {
    yes: [
      ['==123==ERROR: AddressSanitizer: heap-use-after-free', 'error', 'AddressSanitizer'],
      ['    #0 0x4f2a in total cart.c:30:3', 'frame'],
      ['freed by thread T0 here:', 'section'],
      [
        'SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior cart.c:30',
        'summary',
        'UndefinedBehaviorSanitizer',
      ],
    ],
    calm: [
      '-- Performing Test HAVE_FSANITIZE_ADDRESS - Success',
      'Shadow byte legend (one shadow byte represents 8 application bytes):',
      '=>0x512000dace80: fa fa fa fa fa fa fa fa fd fd fd fd fd fd[fd]fd',
      '  Freed heap region:       fd',
    ],
  },
  'cpp-tests': {
    yes: [
      ['[  FAILED  ] Cart.AddsUp (1 ms)', 'failure'],
      ['  3/12 Test  #3: cart .......***Failed    0.3 sec', 'failure'],
      ['[       OK ] Cart.AddsUp (0 ms)', 'pass'],
    ],
    calm: ['[       OK ] Errors.FailsWell (0 ms)', '100% tests passed, 0 tests failed out of 12'],
  },
  lint: {
    yes: [
      ['    ^-- SC2086: Double quote to prevent globbing', 'error', 'SC2086'],
      ['Dockerfile:3 DL3008 warning: Pin versions', 'error', 'DL3008'],
      [
        'cart.c:30:3: warning: narrow [bugprone-narrowing-conversions]',
        'error',
        'bugprone-narrowing-conversions',
      ],
    ],
    calm: ['Ran 12 rules on 3 files: 0 findings.'],
  },
  cc: {
    yes: [
      ["cart.c:30:3: error: 'x' undeclared", 'error'],
      ['cart.c:(.text+0x5): undefined reference to `total`', 'error'],
      ['cart.c:30:3: warning: unused variable', 'warning'],
    ],
    calm: ['gcc -Wall -Werror -c error.c -o error.o'],
  },
  make: {
    yes: [
      ['make[1]: *** [Makefile:3: cart.o] Error 1', 'failure'],
      ['CMake Error at CMakeLists.txt:3 (find_package):', 'error'],
      ['[ 42%] Building CXX object cart.cpp.o', 'progress'],
    ],
    calm: ['[ 42%] Building CXX object error.cpp.o', 'checking for strerror... yes', 'PASS: test-fail.sh'],
  },
  haskell: {
    yes: [
      ['src/Cart.hs:30:3: error: [GHC-88464]', 'error', 'GHC-88464'],
      ['Test suite cart: FAIL', 'failure'],
      ['[ 3 of 12] Compiling Cart', 'progress'],
    ],
    calm: ['[ 3 of 12] Compiling Control.Exception.Error', '+++ OK, passed 100 tests.'],
  },
  beam: {
    yes: [
      ['     ** (ArgumentError) argument error', 'error', 'ArgumentError'],
      ['  1) test adds up (Shop.CartTest)', 'failure'],
      ['12 tests, 1 failure', 'summary'],
    ],
    calm: ['12 doctests, 30 tests, 0 failures'],
  },
  scripts: {
    yes: [
      ['* checking tests ... ERROR', 'failure'],
      ["#   Failed test 'adds up'", 'failure'],
      ['Error in total(x) : object not found', 'error'],
    ],
    calm: [
      'Executed Test_timer_errors() in   0.110871 seconds',
      't/errors.t ...... ok',
      '* checking for missing documentation entries ... OK',
    ],
  },
  mobile: {
    yes: [
      ['** TEST FAILED **', 'summary'],
      ["Test Case '-[CartTests testTotal]' failed (0.1 seconds).", 'failure'],
      ['CompileSwift normal arm64 Cart.swift', 'progress'],
    ],
    calm: ["Test Case '-[ErrorTests testFailure]' passed (0.1 seconds).", '▸ Compiling ErrorView.swift'],
  },
  coverage: {
    yes: [
      ['Jest: "global" coverage threshold for lines (90%) not met: 80%', 'failure'],
      ['FAIL Required test coverage of 90% not reached. Total coverage: 80.00%', 'failure'],
      ['Required test coverage of 80% reached. Total coverage: 90.00%', 'pass'],
    ],
    calm: [' errors.ts     |    80.1 |    70.2 |', 'src/errors.py      120      3    97%'],
  },
  rust: {
    yes: [
      ['error[E0308]: mismatched types', 'error', 'E0308'],
      ["thread 'main' panicked at src/cart.rs:30:3:", 'error'],
      ['test cart::adds_up ... FAILED', 'failure'],
      ['   Compiling cart v0.1.0', 'progress'],
    ],
    calm: [
      '   Compiling thiserror v1.0.50',
      'test errors::fails_well ... ok',
      '  Downloaded libgpg-error-sys v0.6.0',
    ],
  },
  git: {
    yes: [
      ['fatal: not a git repository', 'error'],
      ['CONFLICT (content): Merge conflict in cart.ts', 'error'],
      ['remote: Counting objects: 100% (3/3), done.', 'progress'],
    ],
    calm: ["Cloning into 'error-handling'..."],
  },
  network: {
    yes: [
      ['connect ECONNREFUSED 127.0.0.1:5432', 'error', 'ECONNREFUSED'],
      ['curl: (6) Could not resolve host: shop.test', 'error', '6'],
      ['the mirror answered 503 Service Unavailable', 'error', '503'],
    ],
    calm: ['connected to port 5432 after 503 ms'],
  },
  shell: {
    yes: [
      ['bash: cart: command not found', 'error'],
      ['run.sh: line 3: 123 Segmentation fault      (core dumped) ./cart', 'error', 'Segmentation fault'],
      ['cp: cannot stat x: No such file or directory', 'error'],
    ],
    calm: [
      'echo "Error: no cart"',
      'Setting up libgpg-error0:amd64 (1.42-3) ...',
      'Unpacking liberror-perl (0.17029-1) ...',
    ],
  },
};

describe('the families of recognisers', () => {
  const classify = createClassifier();
  const recognisers = FAMILIES.flatMap((family) => family.recognisers);

  it('have unique names and ids, and cases for each family', () => {
    const ids = recognisers.map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    const names = FAMILIES.map(({ name }) => name);
    expect(names.length).toBe(new Set(names).size);
    expect(names.toSorted()).toEqual(Object.keys(CASES).toSorted());
  });

  it('have patterns without state, whose type groups exist', () => {
    const wrong = recognisers.filter(({ pattern, typeGroup }) => {
      const groups = new RegExp(`${pattern.source}|`).exec('')?.length ?? 0;
      return /[gy]/.test(pattern.flags) || (typeGroup ?? 0) >= groups;
    });
    expect(wrong).toEqual([]);
  });

  for (const [family, { yes, calm }] of Object.entries(CASES)) {
    it(`know the lines of ${family}`, () => {
      const found = yes.map(([line]) => {
        const { role, errorType } = classify(line);
        return errorType === undefined ? [line, role] : [line, role, errorType];
      });
      expect(found).toEqual(yes);
    });

    it(`INV-L3 takes no calm line of ${family} for trouble`, () => {
      const quiet: readonly LineRole[] = ['pass', 'info', 'progress', 'step', 'summary', 'debug', 'exit'];
      const loud = calm
        .map((line) => ({ line, ...classify(line) }))
        .filter(({ role, priority }) => !quiet.includes(role) || priority === 'critical');
      expect(loud).toEqual([]);
    });
  }

  it('take linear time on adversarial lines', () => {
    const pieces = ['a', ' ', '"', '(', '0', ':', '.', '-', '/', 'a.', 'a:', ' a', '[', '│', '\t'];
    const hostile = pieces.map((piece) => piece.repeat(100_000 / piece.length));
    const slow = recognisers.filter(({ pattern }) => {
      const start = performance.now();
      for (const text of hostile) pattern.test(text);
      return performance.now() - start > 1_000;
    });
    expect(slow.map(({ id }) => id)).toEqual([]);
  });
});
