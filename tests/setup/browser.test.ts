import { createServer } from 'node:http'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import {
  collectProblems,
  desktopPage,
  launchBrowser,
  phonePage,
  skipWithoutBrowser,
} from './browser.ts'

const HEAD = '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
const PAGES: Record<string, string> = {
  '/sound': HEAD,
  '/thrown': `${HEAD}<script>throw new Error("broken")</script>`,
  '/logged': `${HEAD}<script>console.error("careful")</script>`,
  '/lacking': `${HEAD}<img src="/no-such-image">`,
  '/cut': `${HEAD}<img src="/cut-off">`,
}

const server = createServer((request, response) => {
  if (request.url === '/cut-off') return void request.socket.destroy()
  const body = PAGES[request.url ?? '']
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(body)
})

// Without a browser there is nothing to show; bin/test then says so.
describe.skipIf(skipWithoutBrowser)('the browser of the tests', () => {
  let browser: Browser
  let origin: string
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const address = server.address()
    assert(address !== null && typeof address === 'object', 'it listens')
    origin = `http://127.0.0.1:${address.port}`
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })

  it.each([
    ['a phone', phonePage, { width: 390, height: 844, isTouch: true }],
    ['a desk', desktopPage, { width: 1440, height: 900, isTouch: false }],
  ])('shows %s in Shanghai', async (_what, open, expected) => {
    const page = await open(browser)
    const seen = await read(page)
    expect(seen).toEqual({ ...expected, language: 'zh-CN', zone: 'Asia/Shanghai' })
    await page.close()
  })

  it.each([
    ['/sound', []],
    ['/thrown', ['error: broken']],
    ['/logged', ['console: careful']],
    ['/lacking', [expect.stringMatching(/^404 GET .*no-such-image$/)]],
    ['/cut', [expect.stringMatching(/^net::\S+ GET .*cut-off$/)]],
  ])('collects what is wrong with %s', async (path, expected) => {
    const page = await desktopPage(browser)
    const problems = collectProblems(page)
    await page.goto(origin + path, { waitUntil: 'networkidle' })
    await page.close()
    expect(problems).toEqual(expected)
  })

  async function read(page: Page) {
    await page.goto(`${origin}/sound`)
    // As text, because this project's server code is compiled without the types of a browser.
    return page.evaluate(`({
      width: innerWidth,
      height: innerHeight,
      isTouch: navigator.maxTouchPoints > 0,
      language: navigator.language,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })`)
  }
})
