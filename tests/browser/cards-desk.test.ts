import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { HOSPITAL, type OfficeBed, openOfficeBed } from './office-bed.ts'

// A clerk reads an identity card, replaces the hospital's card and binds another; the old one then finds nobody.

const FOLDER = process.env.YIQIAO_SCREENS
const NEW_CARD = 'K1009999'

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('cards at the desk', { timeout: 120_000 }, () => {
  let bed: OfficeBed
  let browser: Browser
  let person: WorldPerson
  let oldCard: string
  let desk: Page
  let problems: string[]

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'cards at the desk', people: 10 })
    const cardOf = ({ media }: WorldPerson) =>
      media.hospitalCards.find(({ hospitalId }) => hospitalId === HOSPITAL)
    const found = bed.world.people.find((one) => cardOf(one))
    assert(found, 'somebody has a card of the hospital')
    person = found
    oldCard = cardOf(found)?.cardNo ?? ''
    browser = await launchBrowser()
    desk = await openConsole(browser, {
      hubUrl: bed.hubUrl,
      login: staffLogin(HOSPITAL, 'cashier'),
      path: '/cards',
    })
    problems = collectProblems(desk)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  async function read(kind: string, value: string): Promise<void> {
    await desk.getByLabel('证件或卡').selectOption({ label: kind }, { timeout: SLOW_MS })
    await desk.getByLabel('号码', { exact: true }).fill(value)
    await desk.getByRole('button', { name: /^读 ?卡$/ }).click()
  }

  it('[I1] are replaced after the password, at once', async () => {
    await read('身份证', person.idCardNo)
    await desk.getByRole('button', { name: /^换卡 本院就诊卡/ }).click({ timeout: SLOW_MS })
    await desk.getByLabel('新卡号码').fill(NEW_CARD)
    await desk.getByLabel('原因').fill('旧卡消磁')
    await expectReadable(desk)
    await desk.getByRole('button', { name: '确认办理' }).click()
    const row = desk.getByRole('listitem').filter({ hasText: '已换新' })
    await row.waitFor({ timeout: SLOW_MS })
    if (FOLDER !== undefined) await desk.screenshot({ path: `${FOLDER}/cards-desk.png` })
    expect(problems).toEqual([])

    await read('本院就诊卡', oldCard)
    await desk.getByText('这张卡已换新，不能再用。').waitFor({ timeout: SLOW_MS })
    await read('本院就诊卡', NEW_CARD)
    await desk.getByText('这张卡已换新，不能再用。').waitFor({ state: 'hidden', timeout: SLOW_MS })
  })

  it('[I1] are bound, and not twice; a clerk who proved nothing lately is asked first', async () => {
    await bed.db
      .withTables<{ 'identity.session': { proven_at: Date | null } }>()
      .updateTable('identity.session')
      .set({ proven_at: null })
      .execute()
    await desk.getByRole('button', { name: '绑定新卡' }).click()
    await desk.getByLabel('新卡种类').selectOption({ label: '银行卡' })
    await desk.getByLabel('新卡号码').fill('6222021234567890123')
    await desk.getByLabel('原因').fill('本人要求')
    await desk.getByRole('button', { name: '确认办理' }).click()
    await desk.getByLabel('您的登录密码').fill(DEMO_PASSWORD, { timeout: SLOW_MS })
    await desk.getByRole('button', { name: '确认办理' }).click()
    await desk.getByRole('listitem').filter({ hasText: '0123' }).waitFor({ timeout: SLOW_MS })
    await read('银行卡', '6222029999999999999')
    await desk.getByText('没有人使用这张卡或这个码。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems.filter((problem) => !/^40[14] /.test(problem))).toEqual([])
  })
})
