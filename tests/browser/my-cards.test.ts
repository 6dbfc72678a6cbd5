import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DEMO_PASSWORD } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { collectProblems, launchBrowser, phonePage, skipWithoutBrowser } from '../setup/browser.ts'
import { SLOW_MS, violationsOn } from './desk.ts'
import { HOSPITAL, type OfficeBed, openOfficeBed } from './office-bed.ts'

// Somebody sees by what hospitals know them, reports a card lost at once, and gives one up after the password.

const FOLDER = process.env.YIQIAO_SCREENS

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('my cards', { timeout: 120_000 }, () => {
  let bed: OfficeBed
  let browser: Browser
  let person: WorldPerson
  let phone: Page
  let problems: string[]

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'my cards', people: 10 })
    const found = bed.world.people.find(({ media }) =>
      media.hospitalCards.some(({ hospitalId }) => hospitalId === HOSPITAL),
    )
    assert(found, 'somebody has a card of the hospital')
    person = found
    browser = await launchBrowser()
    phone = await phonePage(browser)
    const answer = await phone.context().request.post(`${bed.hubUrl}/v1/sessions`, {
      headers: { 'x-yiqiao-app': 'patient' },
      data: { app: 'patient', login: person.phone, password: DEMO_PASSWORD },
    })
    assert(answer.ok(), 'the person signs in')
    await phone.addInitScript(`localStorage.setItem('yiqiao.patient.session', 'yes')`)
    problems = collectProblems(phone)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const see = (name: string) =>
    FOLDER === undefined
      ? null
      : phone.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true })

  const card = (kind: string) =>
    phone.getByRole('region', { name: new RegExp(`^${kind} `) }).first()

  it('[I1] shows them masked, and reports one lost', async () => {
    await phone.goto(`${bed.hubUrl}/patient/account`)
    await phone.getByRole('link', { name: '我的卡证' }).click({ timeout: SLOW_MS })
    await card('身份证').waitFor({ timeout: SLOW_MS })
    expect(await phone.getByText(person.idCardNo).count()).toBe(0)
    await see('my-cards')
    expect(await violationsOn(phone)).toEqual([])
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)

    await card('就诊卡').getByRole('button', { name: '挂失' }).click()
    await card('就诊卡').getByLabel('原因').fill('丢在公交车上')
    expect(await violationsOn(phone)).toEqual([])
    await card('就诊卡').getByRole('button', { name: '确认挂失' }).click()
    await phone.getByText('已挂失').waitFor({ timeout: SLOW_MS })
    await phone.getByText('挂失 · 就诊卡').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
  })

  it('[I1] gives one up, after the password', async () => {
    await bed.db
      .withTables<{ 'identity.session': { proven_at: Date | null } }>()
      .updateTable('identity.session')
      .set({ proven_at: null })
      .execute()
    const wechat = card('微信')
    await wechat.getByRole('button', { name: '解除绑定' }).click()
    await wechat.getByLabel('原因').fill('换了微信号')
    await wechat.getByRole('button', { name: '确认解除' }).click()
    await wechat.getByLabel('登录密码').fill(DEMO_PASSWORD, { timeout: SLOW_MS })
    await see('my-cards-proof')
    await wechat.getByRole('button', { name: '确认解除' }).click()
    await phone.getByText('解除 · 微信').waitFor({ timeout: SLOW_MS })
    expect(await card('身份证').getByRole('button', { name: '解除绑定' }).count()).toBe(0)
  })
})
