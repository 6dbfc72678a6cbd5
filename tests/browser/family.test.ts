import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { businessDateOf, yearsBetween } from '../../kernel/time.ts'
import { collectProblems, launchBrowser, phonePage, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS, violationsOn } from './desk.ts'
import { HOSPITAL, type OfficeBed, openOfficeBed } from './office-bed.ts'

// A daughter acts for her father: she asks on her phone, he agrees on his, and a desk sees a child's documents.

const FOLDER = process.env.YIQIAO_SCREENS

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('the family', { timeout: 120_000 }, () => {
  let bed: OfficeBed
  let browser: Browser
  let daughter: WorldPerson
  let father: WorldPerson
  let child: WorldPerson
  let hers: Page
  let his: Page

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'parents and children', people: 10 })
    const age = ({ birthDate }: WorldPerson) =>
      yearsBetween(birthDate, businessDateOf(bed.platform.clock.now()))
    const grown = bed.world.people.filter((person) => age(person) >= 20 && hasCard(person))
    const young = bed.world.people.find((person) => age(person) < 18)
    assert(grown[0] && grown[1] && young, 'there are two adults and a child')
    ;[daughter, father, child] = [grown[0], grown[1], young]
    browser = await launchBrowser()
    hers = await signedIn(daughter)
    his = await signedIn(father)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const hasCard = ({ media }: WorldPerson) =>
    media.hospitalCards.some(({ hospitalId }) => hospitalId === HOSPITAL)

  async function signedIn({ phone }: WorldPerson): Promise<Page> {
    const page = await phonePage(browser)
    const answer = await page.context().request.post(`${bed.hubUrl}/v1/sessions`, {
      headers: { 'x-yiqiao-app': 'patient' },
      data: { app: 'patient', login: phone, password: DEMO_PASSWORD },
    })
    assert(answer.ok(), 'the person signs in')
    await page.addInitScript(`localStorage.setItem('yiqiao.patient.session', 'yes')`)
    return page
  }

  const see = (page: Page, name: string) =>
    FOLDER === undefined ? null : page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true })

  async function ask(
    { name, idCardNo }: WorldPerson,
    by: '由家人在手机上同意' | '带证件到窗口核对（未成年人）',
  ) {
    await hers.getByRole('button', { name: '添加家人' }).click({ timeout: SLOW_MS })
    await hers.getByLabel('家人姓名').fill(name)
    await hers.getByLabel('家人身份证号').fill(idCardNo)
    await hers.getByLabel('怎样确认').selectOption({ label: by })
    await see(hers, 'family-ask')
    await hers.getByRole('button', { name: '提交' }).click()
  }

  it('[I4] she asks, he agrees, and she sees his bills under his name', async () => {
    const problems = collectProblems(hers)
    await hers.goto(`${bed.hubUrl}/patient/account`)
    await hers.getByRole('link', { name: '家人' }).click({ timeout: SLOW_MS })
    await ask(father, '由家人在手机上同意')
    await hers.getByText('等家人同意').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(hers)).toEqual([])

    await his.goto(`${bed.hubUrl}/patient/family`)
    await his.getByText(`${daughter.name} 想替您办理`).waitFor({ timeout: SLOW_MS })
    await see(his, 'family-asked')
    expect(await violationsOn(his)).toEqual([])
    await his.getByRole('button', { name: '同意', exact: true }).click()
    await his.getByText(`${daughter.name} 在替您办理`).waitFor({ timeout: SLOW_MS })

    await hers.reload()
    await hers.getByRole('button', { name: '替他办理' }).click({ timeout: SLOW_MS })
    await hers.getByText(`正在替 ${father.name} 办理`).waitFor({ timeout: SLOW_MS })
    await hers.getByRole('heading', { name: '待缴费' }).waitFor({ timeout: SLOW_MS })
    await see(hers, 'family-acting')
    expect(await violationsOn(hers)).toEqual([])
    expect(await hers.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    // No hospital's system runs here: it is silent about bills.
    expect(problems.filter((problem) => !problem.endsWith('/bills'))).toEqual([])
  })

  it('[I4] what is her own stays her own, and he takes it back', async () => {
    await hers.goto(`${bed.hubUrl}/patient/account`)
    await hers.getByText('本页是您本人的').waitFor({ timeout: SLOW_MS })
    await his.getByRole('button', { name: '撤回' }).click()
    await his.getByRole('button', { name: '结束', exact: true }).click()
    await his.getByText('现在没有人替您办理。').waitFor({ timeout: SLOW_MS })

    await hers.goto(`${bed.hubUrl}/patient/appointments`)
    await hers.getByText('您现在不能替这位家人办理').first().waitFor({ timeout: SLOW_MS })
    await see(hers, 'family-taken-back')
    await hers.getByRole('button', { name: '换回自己' }).click()
    await hers.getByText('正在替').waitFor({ state: 'hidden', timeout: SLOW_MS })
    expect(await violationsOn(hers)).toEqual([])
  })

  it('[I4] a desk sees the documents of a child', async () => {
    await hers.goto(`${bed.hubUrl}/patient/family`)
    await ask(child, '由家人在手机上同意')
    await hers.getByText('未成年人需带证件到医院窗口核对。').waitFor({ timeout: SLOW_MS })
    await hers.getByLabel('怎样确认').selectOption({ label: '带证件到窗口核对（未成年人）' })
    await hers.getByRole('button', { name: '提交' }).click()
    await hers.getByText('到医院窗口核对。').waitFor({ timeout: SLOW_MS })

    const cashier = await openConsole(browser, {
      hubUrl: bed.hubUrl,
      login: staffLogin(HOSPITAL, 'cashier'),
      path: '/family',
    })
    const problems = collectProblems(cashier)
    await cashier.getByLabel('号码').fill(child.idCardNo, { timeout: SLOW_MS })
    await cashier.getByRole('button', { name: /^查 ?找$/ }).click()
    await cashier
      .getByLabel('核对了什么')
      .selectOption({ label: '出生医学证明' }, { timeout: SLOW_MS })
    await expectReadable(cashier)
    await see(cashier, 'family-desk')
    await cashier.getByRole('button', { name: '核对无误' }).click()
    await cashier.getByRole('button', { name: '结束代办' }).waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])

    await hers.reload()
    await hers.getByRole('button', { name: '替他办理' }).waitFor({ timeout: SLOW_MS })
  })
})
