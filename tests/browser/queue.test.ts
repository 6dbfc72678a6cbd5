import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import {
  collectProblems,
  IN_SHANGHAI,
  launchBrowser,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS, violationsOn } from './desk.ts'
import { GATE, HOSPITAL, openQueueBed, type QueueBed } from './queue-bed.ts'

// A queue from both sides at once: what the desk does is seen on the patient's phone and on the wall without a reload.

const PHONE = { width: 390, height: 844 }
const FOLDER = process.env.YIQIAO_SCREENS

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('the queue', { timeout: 180_000 }, () => {
  let bed: QueueBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openQueueBed(WEB_ROOT)
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const picture = async (page: Page, name: string) => {
    if (FOLDER) await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true })
  }

  /** The page of the patient, whose phone is so far north of the gate. */
  async function phoneAt(degreesNorth: number): Promise<Page> {
    const context = await browser.newContext({
      ...IN_SHANGHAI,
      viewport: PHONE,
      hasTouch: true,
      permissions: ['geolocation'],
      geolocation: { ...GATE, latitude: GATE.latitude + degreesNorth, accuracy: 10 },
    })
    const answer = await context.request.post(`${bed.hubUrl}/v1/sessions`, {
      headers: { 'x-yiqiao-app': 'patient' },
      data: { app: 'patient', login: bed.patient.phone, password: bed.password },
    })
    expect(answer.ok(), `the patient signs in: ${answer.status()}`).toBe(true)
    await context.addInitScript(`localStorage.setItem('yiqiao.patient.session', 'yes')`)
    return context.newPage()
  }

  const isNarrow = async (page: Page) =>
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)

  it('[J3] tells who is at home when to leave, and that they are too far to check in', async () => {
    const phone = await phoneAt(0.05)
    await phone.goto(`${bed.hubUrl}/patient/queue`)
    await phone.getByText('心血管内科 · 张明远').waitFor({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '什么时候出门' }).click()
    await phone.getByText('该出门了').waitFor({ timeout: SLOW_MS })
    await phone.getByText('按直线 5.6 公里').waitFor()
    await phone.getByRole('button', { name: '我到了，签到' }).click()
    await phone.getByText(/您离医院还有 5\d{3} 米，到了再签到/).waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(phone)).toEqual([])
    await isNarrow(phone)
    await picture(phone, 'queue-too-far')
    await phone.context().close()
  })

  it('[J3] moves the patient’s place and the screen on the wall as the desk calls', async () => {
    const phone = await phoneAt(0.001)
    const problems = collectProblems(phone)
    await phone.goto(`${bed.hubUrl}/patient/queue`)
    await phone.getByRole('button', { name: '我到了，签到' }).click({ timeout: SLOW_MS })
    await phone.getByText('您的号 3 号').waitFor({ timeout: SLOW_MS })
    await phone.getByText('前面还有 2 人').waitFor()
    await phone
      .getByText(/约 \d+–\d+ 分钟/)
      .first()
      .waitFor()
    await phone.getByText('实时更新').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(phone)).toEqual([])
    await isNarrow(phone)
    await picture(phone, 'queue-waiting')

    const desk = await openConsole(browser, {
      hubUrl: bed.hubUrl,
      login: staffLogin(HOSPITAL, 'cashier'),
      path: '/queue',
    })
    const deskProblems = collectProblems(desk)
    await desk.getByLabel('我的诊室或窗口').fill('3 诊室', { timeout: SLOW_MS })
    await desk.getByRole('row').nth(3).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    const it = await openConsole(browser, {
      hubUrl: bed.hubUrl,
      login: staffLogin(HOSPITAL, 'it'),
      path: '/queue/accuracy',
    })
    await it.getByLabel('屏幕名称').fill('三楼东', { timeout: SLOW_MS })
    await it.getByLabel('科室代码').fill('K01')
    await it.getByRole('button', { name: '登记屏幕' }).click()
    const link = it.getByRole('link', { name: '打开叫号屏' })
    await link.waitFor({ timeout: SLOW_MS })
    const address = (await link.getAttribute('href')) ?? ''
    const wall = await browser.newPage({ ...IN_SHANGHAI, viewport: { width: 1920, height: 1080 } })
    await wall.goto(address)
    await wall.getByText('3 号').waitFor({ timeout: SLOW_MS })

    await desk.getByRole('button', { name: '叫下一位' }).click()
    await phone.getByText('前面还有 1 人').waitFor({ timeout: SLOW_MS })
    await wall.getByText(/^请 1 号 \*.{1,2} 到 3 诊室$/).waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '就诊结束 1' }).click({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '就诊结束 1' }).waitFor({ state: 'detached' })
    await desk.getByRole('button', { name: '叫下一位' }).click()
    await phone.getByText('下一个就是您').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '过号 2' }).click({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '接回队 2' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await picture(desk, 'queue-desk')
    await desk.getByRole('button', { name: '叫下一位' }).click()
    await phone.getByText('请到 3 诊室').waitFor({ timeout: SLOW_MS })
    await wall.getByText(/^请 3 号 \*.{1,2} 到 3 诊室$/).waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(wall)).toEqual([])
    await picture(wall, 'queue-wall')
    await desk.getByRole('button', { name: '撤回叫号 3' }).click({ timeout: SLOW_MS })
    await phone.getByText('下一个就是您').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '叫下一位' }).click()
    await phone.getByText('请到 3 诊室').waitFor({ timeout: SLOW_MS })
    await phone.evaluate(`document.documentElement.classList.add('elder')`)
    expect(await violationsOn(phone)).toEqual([])
    await isNarrow(phone)
    await picture(phone, 'queue-called-elder')
    expect(problems).toEqual([])
    expect(deskProblems).toEqual([])

    await it.reload()
    await it.getByRole('row').nth(1).waitFor({ timeout: SLOW_MS })
    await expectReadable(it)
    await picture(it, 'queue-accuracy')
    await Promise.all([phone, desk, it, wall].map((page) => page.context().close()))
  })
})
