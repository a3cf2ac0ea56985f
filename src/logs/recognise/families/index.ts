import type { RecogniserFamily } from '../recogniser.ts';
import { CC, SANITIZERS } from './cc.ts';
import { ACTIONS, CI, MOZILLA } from './ci.ts';
import { CPP_TESTS } from './cpp-tests.ts';
import { DOTNET, DOTNET_TEST } from './dotnet.ts';
import { GO } from './go.ts';
import { BEAM, HASKELL } from './haskell-beam.ts';
import { BAZEL, CLOUD, DOCKER } from './infra.ts';
import { JEST, MOCHA, TAP, VITEST } from './js-tests.ts';
import { ESLINT, TSC } from './js-tools.ts';
import { JAVA, JAVAC, JUNIT } from './jvm.ts';
import { GRADLE, MAVEN, SBT } from './jvm-build.ts';
import { COVERAGE, LINT, PYTHON_LINT } from './lint.ts';
import { MAKE } from './make.ts';
import { MOBILE } from './mobile.ts';
import { NODE, NPM } from './node.ts';
import { PHP, PHPUNIT } from './php.ts';
import { PYTHON, PYTHON_PACKAGES } from './python.ts';
import { PYTEST, UNITTEST } from './python-tests.ts';
import { RSPEC, RUBY } from './ruby.ts';
import { RUST } from './rust.ts';
import { SCRIPTS } from './scripts.ts';
import { GIT, NETWORK, SHELL } from './shell.ts';

/** Every built-in family. Within one rank of telling-ness, the earlier one is asked first. */
export const FAMILIES: readonly RecogniserFamily[] = [
  ACTIONS,
  CI,
  MOZILLA,
  PYTEST,
  UNITTEST,
  PYTHON_PACKAGES,
  PYTHON_LINT,
  JEST,
  VITEST,
  MOCHA,
  TAP,
  TSC,
  ESLINT,
  NPM,
  NODE,
  GO,
  DOCKER,
  BAZEL,
  CLOUD,
  MAVEN,
  GRADLE,
  SBT,
  JAVA,
  JAVAC,
  JUNIT,
  RSPEC,
  RUBY,
  PHPUNIT,
  PHP,
  DOTNET,
  DOTNET_TEST,
  SANITIZERS,
  CPP_TESTS,
  LINT,
  CC,
  MAKE,
  PYTHON,
  HASKELL,
  BEAM,
  SCRIPTS,
  MOBILE,
  COVERAGE,
  RUST,
  GIT,
  NETWORK,
  SHELL,
];
