import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { assert } from '../../kernel/assert.ts'
import { businessDate } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { type OfficeBed, openOfficeBed } from './office-bed.ts'

// Two records of what is probably one person: one of staff says so, another agrees, and both undo it again.

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('the work list of records', { timeout: 180_000 }, () => {
  let bed: OfficeBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'records of one person', people: 10 })
    await raiseAPair(bed)
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const consoleOf = (role: 'cashier' | 'it' | 'auditor', path: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login: staffLogin(bed.hospitalId, role), path })

  it('[I1] a pair is looked at side by side, and proposed as one person', async () => {
    const desk = await consoleOf('cashier', '/persons')
    const problems = collectProblems(desk)
    await desk.getByRole('link', { name: / 与 / }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: / 与 / }).click()
    const table = desk.getByRole('table', { name: '两份记录对照' })
    await table.waitFor({ timeout: SLOW_MS })
    expect(await table.getByRole('row', { name: /^证件/ }).innerText()).toContain('护照')
    expect(await table.getByRole('row', { name: /^姓名/ }).innerText()).toContain('读音相同')
    await expectReadable(desk)
    await desk.getByLabel('理由').fill('本人持护照建过档，核对了原件')
    await desk.getByRole('button', { name: '提请合并为一人' }).click()
    await desk.getByText('由您提出，要另一位同事决定。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems).toEqual([])
    await desk.context().close()
  })

  it('[I1] who audits sees them masked and decides nothing', async () => {
    const desk = await consoleOf('auditor', '/persons/waiting')
    await desk.getByText('您的角色只能查看。').waitFor({ timeout: SLOW_MS })
    expect(await desk.getByRole('button', { name: '同意合并' }).count()).toBe(0)
    await desk.getByRole('link', { name: '看全部记录' }).click()
    await desk.getByRole('heading', { name: /^第 1 份/ }).waitFor({ timeout: SLOW_MS })
    const shown = await desk.getByRole('main').innerText()
    expect(shown).toContain('*晓峰')
    expect(shown).not.toContain(WANG.name)
    await desk.context().close()
  })

  it('[S5] who registers people sees a number in full for a reason, and it can be hidden again', async () => {
    const desk = await consoleOf('cashier', `/persons/of/${await currentPerson(bed)}`)
    const problems = collectProblems(desk)
    const show = desk.getByRole('button', { name: '查看完整的证件号' })
    await show.click({ timeout: SLOW_MS })
    await desk.getByLabel('理由').fill('核对证件原件')
    await expectReadable(desk)
    await desk.getByRole('button', { name: '查看一分钟' }).click()
    await desk.getByText(WANG.idCardNo).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('button', { name: /^遮 ?盖$/ }).click()
    await show.waitFor({ timeout: SLOW_MS })
    expect(await desk.getByRole('main').innerText()).not.toContain(WANG.idCardNo)
    expect(problems).toEqual([])
    await desk.context().close()
  })

  it('[I1] another agrees, and parting them again takes two people too', async () => {
    const desk = await consoleOf('it', '/persons/waiting')
    const problems = collectProblems(desk)
    await desk.getByLabel('理由').fill('看过两份档案', { timeout: SLOW_MS })
    await desk.getByRole('button', { name: '同意合并' }).click()
    await desk.getByText('没有等待决定的。').waitFor({ timeout: SLOW_MS })
    await desk.goto(`${bed.hubUrl}/console/persons/of/${await currentPerson(bed)}`)
    await desk.getByRole('heading', { name: '2 份记录' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('button', { name: /^拆 ?开$/ }).click()
    await desk.getByLabel('理由').fill('护照是他兄弟的')
    await desk.getByRole('button', { name: '提请拆开' }).click()
    await desk.getByText('由您提出，要另一位同事决定。').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await desk.context().close()

    const other = await consoleOf('cashier', '/persons/waiting')
    await other.getByLabel('理由').fill('同意，看过护照', { timeout: SLOW_MS })
    await other.getByRole('button', { name: '同意拆开' }).click()
    await other.getByText('没有等待决定的。').waitFor({ timeout: SLOW_MS })
    await other.goto(`${bed.hubUrl}/console/persons/of/${await currentPerson(bed)}`)
    await other.getByRole('heading', { name: '1 份记录' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(other)
    await other.context().close()
  })
})

const WANG = {
  name: '王晓峰',
  idCardNo: '11010119840615003X',
  phone: '13912345678',
  gender: 'male',
  birthDate: businessDate('1984-06-15'),
  media: [],
} as const

const CHART = { patientNo: 'P52001', cardNo: '37000051' }

/** Somebody known by an identity card, entered once more with a passport and another letter of the same sound. */
async function raiseAPair({ hub, hospitalId }: OfficeBed): Promise<void> {
  const passport = { ...WANG, name: '王小峰', idCardNo: 'E12345678', idKind: 'passport' as const }
  const [known, id] = await hub.identity.registerPeople([WANG, passport])
  assert(known && id, 'both are registered')
  await hub.personIndex.enter([known, id])
  const his = { resolvePatient: async () => ({ outcome: 'ok' as const, data: CHART }) }
  await hub.identity.resolvePatient(known, hospitalId, his as never, { trace: () => undefined })
  const looked = await hub.personIndex.lookAt(id, hospitalId, systemActor('test'))
  expect(looked).toEqual({ linkedTo: null, raised: 1 })
}

async function currentPerson({ hub }: OfficeBed): Promise<string> {
  const id = await hub.identity.findPersonByMedium('id_card', WANG.idCardNo)
  assert(id, 'they are known')
  return hub.identity.currentPersonOf(id)
}
