import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

import { DEMO_PASSWORD } from '../../apps/cli/sandbox/seed.ts'
import { IN_SHANGHAI } from '../setup/browser.ts'

// What tests in the console begin with and look for, whatever they are about.

/** As long as a page may take on a machine that is at work on other things. */
export const SLOW_MS = 60_000
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }

type Seat = { hubUrl: string; login: string }

/** The console for somebody, at a path, in a context of its own. */
export async function openConsole(
  browser: Browser,
  { path, ...seat }: Seat & { path: string },
): Promise<Page> {
  const page = await signedIn(browser, seat)
  await page.goto(`${seat.hubUrl}/console${path}`)
  return page
}

/**
 * A page that has been nowhere yet, of somebody who has signed in. The form for it is for statements.test.ts and
 * partners.test.ts: here the same request is made without the page, which would be loaded for nothing.
 */
export async function signedIn(browser: Browser, { hubUrl, login }: Seat): Promise<Page> {
  const context = await browser.newContext({ ...IN_SHANGHAI, viewport: DESK })
  const answer = await context.request.post(`${hubUrl}/v1/sessions`, {
    headers: { 'x-yiqiao-app': 'console' },
    data: { app: 'console', login, password: DEMO_PASSWORD },
  })
  expect(answer.ok(), `${login} signs in: ${answer.status()}`).toBe(true)
  await context.addInitScript(`localStorage.setItem('yiqiao.console.session', 'yes')`)
  return context.newPage()
}

/** What axe finds wrong, each with its place. Pages have no frames of others, so axe need not open a page of its own. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(STILL)
  const axe = new AxeBuilder({ page: page as never }).setLegacyMode()
  const { violations } = await axe.options({ resultTypes: ['violations'] }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Nothing for axe to find, and nothing to scroll sideways on a phone. */
export async function expectReadable(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([])
  await page.setViewportSize(PHONE)
  expect(await widthOf(page)).toBeLessThanOrEqual(PHONE.width)
  await page.setViewportSize(DESK)
}

const widthOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth')

// Run in the page, whose language this file is not checked in. A dialog that opens is half-faded for a moment, and
// half-faded words have little contrast: it is over when nothing that ends has moved for three frames.
const STILL = `(async () => {
  const isMoving = ({ playState, effect }) =>
    playState === 'running' && effect.getComputedTiming().endTime !== Infinity
  for (let still = 0; still < 3; ) {
    await new Promise(requestAnimationFrame)
    still = document.getAnimations().some(isMoving) ? 0 : still + 1
  }
})()`
