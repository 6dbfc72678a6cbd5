import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

const MOST_STEPS = 200

/** Goes on by the tab key until the focus stands there; fails where it never comes by. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ timeout: 60_000 })
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await hasFocus(page, target)) return
    await page.keyboard.press('Tab')
  }
  expect.fail(`the tab key does not reach ${target.toString()}`)
}

/** Goes there by the tab key, and does what it offers. */
export async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

export const hasFocus = async (page: Page, target: Locator): Promise<boolean> =>
  (await target.and(page.locator(':focus')).count()) > 0
