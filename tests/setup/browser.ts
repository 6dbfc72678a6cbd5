import { type Browser, chromium, type Page } from 'playwright-core'

/** The settings of every page. Nothing moves: axe would judge a colour half-way to another. */
export const IN_SHANGHAI = {
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  reducedMotion: 'reduce',
} as const

/** Set by bin/test where there is no browser: tests say describe.skipIf(skipWithoutBrowser). */
export const skipWithoutBrowser = Boolean(process.env.YIQIAO_SKIP_BROWSER)

/** Debian's Chromium, or the one that CHROMIUM names. Close it when done. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS })

/** A patient's phone, in Shanghai. Closing the page closes its context. */
export const phonePage = (browser: Browser): Promise<Page> =>
  browser.newPage({
    ...IN_SHANGHAI,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  })

/** The desk of a cashier or an operator, in Shanghai. Closing the page closes its context. */
export const desktopPage = (browser: Browser): Promise<Page> =>
  browser.newPage({ ...IN_SHANGHAI, viewport: { width: 1440, height: 900 } })

/**
 * From now on, everything that goes wrong on a page, as a sentence each: expect the array to be
 * empty at the end. Call it before the first goto.
 */
export function collectProblems(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // The console repeats every failed request, without its method: the response below says more.
    const isEcho = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isEcho) problems.push(`console: ${message.text()}`)
  })
  page.on('response', (response) => {
    const { method, url } = { method: response.request().method(), url: response.url() }
    if (response.status() >= 400) problems.push(`${response.status()} ${method} ${url}`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed'
    // A page that is left gives up what it was still loading; that is no fault of anyone.
    if (reason !== 'net::ERR_ABORTED')
      problems.push(`${reason} ${request.method()} ${request.url()}`)
  })
  return problems
}

const ARGUMENTS = [
  '--no-sandbox', // needed as root, as in a container
  '--disable-gpu',
  '--disable-quic',
  // It shall talk to the pages under test and to nobody else.
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
