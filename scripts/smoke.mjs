// @ts-check
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './prepare.mjs';

/*
 * What a newcomer does, with what was built: start the demo, paste the curl line that it prints,
 * use the token at the sample API, kill the process, start it again, find everything still there.
 */

const READY_MILLISECONDS = 60_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
const dataDirectory = mkdtempSync(join(tmpdir(), 'tessera-smoke-'));
try {
  const started = await startDemo('scripts/start.mjs', []);
  const token = await pasteCurl(started.output());
  await changeConfiguration(started.output(), token);
  assert.equal(await started.end('SIGTERM'), 0, 'npm start ends well when it is asked to end');
  report('npm start, the printed curl line, the sample API, a regular end');

  const again = await startDemo('packages/server/bin/tessera.js', ['demo']);
  await pasteCurl(again.output());
  await again.end('SIGKILL');
  const last = await startDemo('packages/server/bin/tessera.js', ['demo']);
  const found = await readConfiguration(last.output(), await pasteCurl(last.output()));
  assert.deepEqual(found, { colour: 'smoke' }, 'the configuration outlives the process');
  assert.equal(await last.end('SIGINT'), 0, 'tessera demo ends well at Ctrl-C');
  report('killed, started again, everything still there');
} finally {
  for (const child of running) child.kill();
  rmSync(dataDirectory, { recursive: true, force: true });
}

/** @param {string} what */
function report(what) {
  console.log(`ok     ${what} (Node ${process.versions.node})`);
}

/**
 * Resolves when the demo has shown its six steps and runs.
 *
 * @param {string} script
 * @param {readonly string[]} args
 */
async function startDemo(script, args) {
  const options = ['--port', '0', '--api-port', '0', '--data-dir', dataDirectory];
  const child = spawn(process.execPath, [script, ...args, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  let output = '';
  /** @type {Promise<void>} */
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the demo was not ready in time:\n${output}`));
    }, READY_MILLISECONDS);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (/Stop with Ctrl-C/.test(output)) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the demo ended with ${code}:\n${output}`));
    });
  });
  await ready;
  return {
    output: () => output,
    /** @param {NodeJS.Signals} signal */
    async end(signal) {
      child.kill(signal);
      const [code] = await exited;
      return /** @type {number | null} */ (code);
    },
  };
}

/**
 * Runs the curl line that the demo printed last, as it stands there.
 *
 * @param {string} output
 * @returns {Promise<string>}
 */
async function pasteCurl(output) {
  const line = /^curl --request POST[\s\S]*?\/access_token"$/m.exec(output)?.[0];
  assert(line !== undefined, `no curl line is printed:\n${output}`);
  const { stdout } = await promisify(execFile)('sh', ['-c', `${line} --silent --show-error`]);
  const answer = JSON.parse(stdout);
  assert.deepEqual(Object.keys(answer), ['access_token', 'scope', 'token_type', 'expires_in']);
  assert.deepEqual(
    { ...answer, access_token: '' },
    {
      access_token: '',
      scope: 'write',
      token_type: 'Bearer',
      expires_in: 3599,
    },
  );
  return answer.access_token;
}

/** @param {string} output @param {string} token */
async function changeConfiguration(output, token) {
  const { status } = await callSampleApi(output, token, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ colour: 'smoke' }),
  });
  assert(status === 200 || status === 204, `the sample API answers ${status}`);
  assert.equal((await callSampleApi(output, 'unknown', {})).status, 401);
}

/** @param {string} output @param {string} token @returns {Promise<unknown>} */
async function readConfiguration(output, token) {
  const response = await callSampleApi(output, token, {});
  assert.equal(response.status, 200);
  return response.json();
}

/** @param {string} output @param {string} token @param {RequestInit} init */
function callSampleApi(output, token, init) {
  const address = /Sample API +(http:\S+)/.exec(output)?.[1];
  assert(address !== undefined, 'the address of the sample API is printed');
  return fetch(address, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${token}` },
  });
}
