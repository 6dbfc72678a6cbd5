import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import {
  collectProblems,
  IN_SHANGHAI,
  launchBrowser,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { SLOW_MS, violationsOn } from './desk.ts'
import { HERE, type LookUpBed, openLookUpBed } from './look-up-bed.ts'

const PHONE = { width: 390, height: 844 }
const FOLDER = process.env.YIQIAO_SCREENS

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('looking up on a phone', { timeout: 180_000 }, () => {
  let bed: LookUpBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openLookUpBed(WEB_ROOT)
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  async function phoneOf(context: BrowserContext): Promise<Page> {
    const answer = await context.request.post(`${bed.hubUrl}/v1/sessions`, {
      headers: { 'x-yiqiao-app': 'patient' },
      data: { app: 'patient', login: bed.patient.phone, password: bed.password },
    })
    expect(answer.ok(), `the patient signs in: ${answer.status()}`).toBe(true)
    await context.addInitScript(`localStorage.setItem('yiqiao.patient.session', 'yes')`)
    return context.newPage()
  }

  const phone = { ...IN_SHANGHAI, viewport: PHONE, hasTouch: true }

  async function isReadable(page: Page, name: string) {
    expect(await violationsOn(page)).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
    if (FOLDER) await page.screenshot({ path: `${FOLDER}/look-up-${name}.png`, fullPage: true })
  }

  it('[I6] finds a hospital by initials and the nearest first, with its phone number to call', async () => {
    const permissions = ['geolocation']
    const context = await browser.newContext({
      ...phone,
      permissions,
      geolocation: { ...HERE, accuracy: 10 },
    })
    const page = await phoneOf(context)
    const problems = collectProblems(page)
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    await page.goto(`${bed.hubUrl}/patient/account`)
    await page.getByRole('link', { name: '查医院·药店·药品' }).click({ timeout: SLOW_MS })
    await page.getByRole('button', { name: '再看一些' }).click({ timeout: SLOW_MS })
    await page.getByRole('article', { name: '市北第25门诊部' }).waitFor({ timeout: SLOW_MS })
    await page.getByLabel('名称或拼音首字母').fill('bdg')
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByRole('article').nth(1).waitFor({ state: 'detached', timeout: SLOW_MS })
    const found = page.getByRole('article', { name: '青岛市八大关医院' })
    await found.getByText('三级医院').waitFor()
    await found.getByText('异地直接结算：普通门诊、住院、门诊慢特病').waitFor()
    const call = found.getByRole('link', { name: '打电话 0532-85550101' })
    expect(await call.getAttribute('href')).toBe('tel:053285550101')
    await page.getByLabel('名称或拼音首字母').fill('')
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByRole('button', { name: '按距离从近到远' }).click()
    await page.getByText('0.2 公里').waitFor({ timeout: SLOW_MS })
    expect(await page.getByRole('article').allTextContents()).toEqual([
      expect.stringContaining('崂山社区卫生服务中心'),
      expect.stringContaining('青岛市八大关医院'),
    ])
    await isReadable(page, 'nearest')
    expect(asked.some((url) => url.includes('latitude=36.067&longitude=120.383'))).toBe(true)
    expect(problems).toEqual([])
    await context.close()
  })

  it('[I6] says how a drug is covered elsewhere, and what it does not know', async () => {
    const context = await browser.newContext(phone)
    const page = await phoneOf(context)
    await page.goto(`${bed.hubUrl}/patient/look-up`)
    await page.getByRole('button', { name: '按距离从近到远' }).click({ timeout: SLOW_MS })
    await page.getByText(/手机没有给出位置/).waitFor({ timeout: SLOW_MS })
    await page.getByRole('button', { name: '药店' }).click()
    await page.getByRole('article', { name: '静安益民大药房' }).waitFor({ timeout: SLOW_MS })
    await page.getByLabel('地区').selectOption({ label: '山东' })
    await page.getByText('这个地区的名录还没有收到。').waitFor({ timeout: SLOW_MS })
    await isReadable(page, 'no-list')
    await page.getByRole('button', { name: '经办机构' }).click()
    await page.getByText('这个地区的名录还没有收到。').waitFor({ timeout: SLOW_MS })
    await page.getByRole('button', { name: '药品', exact: true }).click()
    await page.getByLabel('药品名称或医保编码').fill('布洛芬', { timeout: SLOW_MS })
    await page.getByRole('button', { name: '查询' }).click()
    const slow = page.getByRole('article', { name: '布洛芬缓释胶囊' })
    await slow.getByText('先自付 10%。').waitFor({ timeout: SLOW_MS })
    await slow.getByText('各级医院限价 15.25 元').waitFor()
    await page.getByRole('article', { name: '布洛芬片' }).getByText('甲类').waitFor()
    await isReadable(page, 'drugs')
    await page.getByLabel('药品名称或医保编码').fill('不存在的药')
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByText('医保目录里没有查到。').waitFor({ timeout: SLOW_MS })
    expect(await page.getByRole('article').count()).toBe(0)
    await context.route('**/v1/institutions?*', (route) => route.abort())
    await page.getByRole('button', { name: '医院' }).click()
    // What was found a moment ago would be shown again without being asked for.
    await page.getByLabel('地区').selectOption({ label: '北京' })
    await page.getByRole('alert').waitFor({ timeout: SLOW_MS })
    await context.close()
  })
})
