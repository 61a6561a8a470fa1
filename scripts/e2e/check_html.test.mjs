// The HTML report in a real browser: light, dark, and at the width of a phone. The screenshots stay in the build folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { binary, serve } from './server.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
const chromium = [process.env.MIMUS_CHROMIUM, ...places].find((file) => file && existsSync(file));
const left = chromium ? false : 'left out: no chromium here (scripts/setup.sh installs it on Debian)';
if (left) console.log(left);

// Wrong in every way that a page must be able to show: JSON, a stream, headers, a status, markup in what came.
const deviations = ['chat.object', 'usage.present', 'chat.stream.role-once', 'chat.stream.done-sentinel', 'tools.stream.index', 'errors.envelope.code',
  'embeddings.index', 'models.retrieve.unknown', 'transport.request-id', 'responses.stream.sequence', 'auth.error.envelope'];
const looks = {
  light: { width: 1280, height: 900, scheme: 'light' },
  dark: { width: 1280, height: 900, scheme: 'dark' },
  phone: { width: 390, height: 844, scheme: 'light' },
  'phone-dark': { width: 390, height: 844, scheme: 'dark' },
};

const folder = mkdtempSync(join(tmpdir(), 'mimus-html-'));
const pictures = join(dirname(binary), 'screenshots');
const key = 'sk-browser0123456789';
let report;
let html;
let browser;

before(async () => {
  if (left) return;
  mkdirSync(pictures, { recursive: true });
  const known = spawnSync(binary, ['deviations'], { encoding: 'utf8' }).stdout.split('\n');
  const upstream = await serve(['--api-key', key, '--deviate', 'chat.object', '--deviate', 'usage.total', '--deviate', 'chat.stream.finish-once']);
  const server = await serve(['--api-key', key, ...deviations.filter((id) => known.includes(id)).flatMap((id) => ['--deviate', id])]);
  html = join(folder, 'report.html');
  const json = join(folder, 'report.json');
  spawnSync(binary, ['check', `${server.url}/v1`, '--api-key', key, '--model', 'gpt-4o', '--upstream', `${upstream.url}/v1`, '--report', `html=${html}`, '--report', `json=${json}`]);
  report = JSON.parse(readFileSync(json, 'utf8'));
  await server.stop();
  await upstream.stop();
  browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] }); // root has no sandbox
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

// The page in one look, with all that it complained of and asked for.
async function open({ width, height, scheme }) {
  const page = await browser.newPage();
  const trouble = [];
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('request', (request) => request.url() !== pathToFileURL(html).href && trouble.push(`request: ${request.url()}`));
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(pathToFileURL(html).href, { waitUntil: 'load' });
  return { page, trouble };
}

// Relative luminance and contrast as WCAG 2 defines them.
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\d.]+/g).map((part) => Number(part) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);

for (const [name, look] of Object.entries(looks)) {
  describe(`the HTML report, ${name}`, { skip: left }, () => {
    let page;
    let trouble;
    before(async () => ({ page, trouble } = await open(look)));
    after(() => page?.close());

    test('asks nobody for anything and complains of nothing', async () => {
      await page.screenshot({ path: join(pictures, `report-${name}.png`) });
      assert.deepEqual(trouble, []);
    });

    test('fits its width, with everything unfolded', async () => {
      const wide = () =>
        page.evaluate(() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll('body *')].map((e) => Math.ceil(e.getBoundingClientRect().right))].reduce((a, b) => Math.max(a, b)));
      assert.ok((await wide()) <= look.width, `${await wide()} px`);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      assert.ok((await wide()) <= look.width, `${await wide()} px`);
    });

    test('is as light or dark as asked, and legible', async () => {
      const colours = await page.evaluate(() =>
        [...document.querySelectorAll('body *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).map((e) => {
          let behind = e;
          while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
          return [e.tagName + '.' + e.className, getComputedStyle(e).color, getComputedStyle(behind ?? document.body).backgroundColor];
        }));
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      if (look.scheme === 'dark') assert.ok(luminance(ground) < 0.05, ground);
      else assert.ok(luminance(ground) > 0.8, ground);
      const faint = colours.filter(([, text, back]) => contrast(text, back) < 4.5);
      assert.deepEqual([...new Set(faint.map((row) => row.join(' ')))], []);
    });

    test('has each finding within reach, with all that a maintainer needs', async () => {
      const found = report.checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
      assert.ok(found.length >= 6, `${found.length}`);
      for (const check of found) {
        const place = await page.$(`[id="${check.id}"]`);
        assert.ok(place, check.id);
        const text = await place.evaluate((e) => e.textContent.replace(/\s+/g, ' '));
        const flat = (wanted) => wanted.replace(/\s+/g, ' ').trim();
        assert.match(text, /Whose(the gateway's own|inherited|cannot be told)/);
        for (const wanted of [check.expected, check.found, check.source, check.evidence.curl, ...check.breaks]) {
          assert.ok(text.includes(flat(wanted)), `${check.id}: ${wanted}`);
        }
        // A click on its line in the list unfolds it and brings it into view.
        await page.evaluate((id) => {
          document.documentElement.style.scrollBehavior = 'auto';
          document.getElementById(id).closest('details').open = false;
          document.querySelector(`.toc a[href="#${id}"]`).click();
        }, check.id);
        await page.waitForFunction((id) => document.getElementById(id).closest('details').open, { timeout: 5000 }, check.id);
        assert.ok(await place.isIntersectingViewport(), check.id);
        if (check === found[1]) await page.screenshot({ path: join(pictures, `report-${name}-finding.png`) });
      }
      await page.evaluate(() => [...document.querySelectorAll('h2')].find((e) => e.textContent === 'Gateway and upstream').scrollIntoView());
      await page.screenshot({ path: join(pictures, `report-${name}-upstream.png`) });
      await page.evaluate(() => document.querySelector('.grid').scrollIntoView());
      await page.screenshot({ path: join(pictures, `report-${name}-areas.png`) });
      assert.ok(!readFileSync(html, 'utf8').includes(key), 'the key is not in it');
    });
  });
}
