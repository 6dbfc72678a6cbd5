import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import {
  type ClinicBed,
  expectNarrow,
  HOSPITAL,
  openClinicBed,
  phoneOf,
  WALLET_PASSWORD,
} from './clinic-bed.ts'
import { expectReadable, openConsole, SLOW_MS, violationsOn } from './desk.ts'

// A doctor does not come: from the page that shows whom it reaches to the last patient, on both sides of the counter.

const FOLDER = process.env.YIQIAO_SCREENS

// Without a browser there is nothing to press.
describe.skipIf(skipWithoutBrowser)(
  'a clinic that does not take place',
  { timeout: 300_000 },
  () => {
    let bed: ClinicBed
    let browser: Browser

    beforeAll(async () => {
      bed = await openClinicBed()
      browser = await launchBrowser()
    }, 300_000)
    afterAll(async () => {
      await browser?.close()
      await bed?.stop()
    })

    const picture = async (page: Page, name: string) => {
      if (FOLDER) await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true })
    }
    const see = (page: Page, words: string | RegExp) =>
      page.getByText(words).first().waitFor({ timeout: SLOW_MS })

    /** The phone of somebody who has booked and paid at that session. */
    async function paid(label: string, path: string): Promise<Page> {
      const phone = await phoneOf(browser, bed, label)
      await phone.goto(bed.hubUrl + path)
      await phone.getByRole('button', { name: '占号并支付 ¥25.00' }).click({ timeout: SLOW_MS })
      await phone.getByRole('button', { name: /支付 ¥25\.00/ }).click({ timeout: SLOW_MS })
      await phone.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
      await phone.getByRole('button', { name: '确认支付' }).click()
      await see(phone, '支付成功')
      return phone
    }

    const office = (role: string, path: string) =>
      openConsole(browser, { hubUrl: bed.hubUrl, login: `${role}${HOSPITAL}`, path })

    it('[J11] [F2] shows whom it reaches, is confirmed by another, and each moves or has the money back', async () => {
      const stopped = await bed.session({ doctor: '冯停诊', days: 3, feeFen: 2_500, total: 5 })
      await bed.session({ doctor: '陈替班', days: 4, feeFen: 2_500, total: 5 })
      const mover = await paid('自费', bed.pathOf(stopped))
      const taker = await paid('医保暂停', bed.pathOf(stopped))
      await bed.atWindow('居民医保', stopped)

      const desk = await office('finance', '/clinics')
      const problems = collectProblems(desk)
      await desk.getByRole('columnheader', { name: '渠道留号' }).waitFor({ timeout: SLOW_MS })
      await expectReadable(desk)
      await desk.getByRole('combobox', { name: '日期' }).click()
      await desk.locator('.ant-select-item-option').nth(3).click()
      const row = desk.getByRole('row', { name: /冯停诊/ })
      await row.getByText('共 5，已约 2，占号 1，余 2').waitFor({ timeout: SLOW_MS })
      await picture(desk, 'clinics')
      await row.getByRole('checkbox').check()
      await desk.getByRole('button', { name: '停诊所选 1 场' }).click()
      const dialog = desk.getByRole('dialog')
      await dialog.getByText('已约 2 人，占号 1 人，已到院 0 人').waitFor({ timeout: SLOW_MS })
      await dialog.getByText('共影响 3 人；2 人已付费，若都退费共 ¥50.00。').waitFor()
      await dialog.getByText(/陈替班.*余 5 号/).waitFor()
      await dialog.getByLabel('停诊原因（患者会看到）').fill('医生生病')
      expect(await violationsOn(desk)).toEqual([])
      await picture(desk, 'clinics-stop')
      await dialog.getByRole('button', { name: '提交停诊（3 人）' }).click()
      await row.getByText('待确认停诊').waitFor({ timeout: SLOW_MS })
      await desk.getByRole('link', { name: '停诊', exact: true }).click()
      await desk.getByRole('link', { name: /冯停诊/ }).click({ timeout: SLOW_MS })
      await see(desk, '您提交的停诊，须由另一位同事确认。')
      // Nobody has heard of it yet.
      await mover.goto(`${bed.hubUrl}/patient/appointments`)
      await mover
        .getByRole('article', { name: /冯停诊/ })
        .getByText('预约成功')
        .waitFor()

      const second = await office('cashier', new URL(desk.url()).pathname.replace('/console', ''))
      await second.getByRole('button', { name: '确认停诊并通知 3 人' }).click({ timeout: SLOW_MS })
      const figure = (name: string) => second.getByRole('button', { name: new RegExp(`^${name}`) })
      const says = (name: string, people: number) =>
        figure(name).getByText(`${people} 人`, { exact: true }).waitFor({ timeout: SLOW_MS })
      await says('已通知', 3)
      await says('待患者选择', 2)
      await figure('待患者选择').click()
      await expect.poll(() => second.getByRole('row').count(), { timeout: SLOW_MS }).toBe(3)
      await expectReadable(second)
      await picture(second, 'clinics-progress')

      const card = mover.getByRole('article', { name: /冯停诊/ })
      await card.getByRole('button', { name: /改约 陈替班/ }).waitFor({ timeout: SLOW_MS })
      await card.getByText('停诊原因：医生生病').waitFor()
      expect(await violationsOn(mover)).toEqual([])
      await expectNarrow(mover)
      await picture(mover, 'stopped-phone')
      await card.getByRole('button', { name: /改约 陈替班/ }).click()
      const moved = mover.getByRole('article', { name: /陈替班/ })
      await moved.getByText('预约成功').waitFor({ timeout: SLOW_MS })
      await moved.getByText('已付挂号费 ¥25.00').waitFor()
      await picture(mover, 'stopped-moved')

      await taker.goto(`${bed.hubUrl}/patient/`)
      await taker
        .getByRole('region', { name: '下一个预约' })
        .getByText('医生停诊')
        .waitFor({ timeout: SLOW_MS })
      await taker.goto(`${bed.hubUrl}/patient/appointments`)
      await taker.getByRole('button', { name: '不改约，退回 ¥25.00' }).click({ timeout: SLOW_MS })
      await see(taker, '已退回 ¥25.00')
      expect(await taker.getByRole('button', { name: /改约/ }).count()).toBe(0)
      await picture(taker, 'stopped-returned')

      await says('已改约', 1)
      await says('已退款', 1)
      await says('待患者选择', 0)
      await figure('已退款').click()
      await second.getByRole('row', { name: /¥25\.00/ }).waitFor({ timeout: SLOW_MS })
      await second.getByRole('row', { name: /\*/ }).waitFor()
      await picture(second, 'clinics-done')
      await mover.goto(bed.hubUrl + bed.pathOf(stopped))
      await see(mover, '医生停诊，请选别的时间。')
      expect(problems).toEqual([])
      await Promise.all([mover, taker, desk, second].map((page) => page.context().close()))
    })
  },
)
