import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Role } from '../../platform/principal.ts'
import { collectProblems, launchBrowser, phonePage, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS, violationsOn } from './desk.ts'
import { HOSPITAL, type OfficeBed, openOfficeBed } from './office-bed.ts'

// A doctor of the second hospital asks for what the first one has of a patient, who allows it, sees it and takes it
// back; then an emergency, which somebody of the first hospital judges.

const READER = 2 as HospitalId

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('who looked at my records', { timeout: 180_000 }, () => {
  let bed: OfficeBed
  let browser: Browser
  let person: WorldPerson
  let phone: Page
  let doctor: Page
  let doctorProblems: string[]

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'records between hospitals', people: 10 })
    const [found] = bed.world.people
    assert(found, 'somebody lives there')
    person = found
    browser = await launchBrowser()
    phone = await phonePage(browser)
    const { hubUrl } = bed
    const answer = await phone.context().request.post(`${hubUrl}/v1/sessions`, {
      headers: { 'x-yiqiao-app': 'patient' },
      data: { app: 'patient', login: person.phone, password: DEMO_PASSWORD },
    })
    assert(answer.ok(), 'the person signs in')
    await phone.addInitScript(`localStorage.setItem('yiqiao.patient.session', 'yes')`)
    doctor = await staff('doctor', READER, '/records')
    doctorProblems = collectProblems(doctor)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const staff = (role: Role, at: HospitalId, path: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login: staffLogin(at, role), path })

  async function look(): Promise<void> {
    await doctor.getByLabel('号码').fill(person.idCardNo, { timeout: SLOW_MS })
    await doctor.getByLabel('记录在哪家医院').selectOption(String(HOSPITAL), { timeout: SLOW_MS })
    await doctor.getByLabel('看什么').selectOption('visit')
    await doctor.getByRole('button', { name: /^查 ?看$/ }).click()
  }

  it('[I5] a doctor is refused, the patient allows it on the phone, and the doctor reads', async () => {
    await look()
    await doctor.getByText('患者没有授权本院查看。').waitFor({ timeout: SLOW_MS })
    await expectReadable(doctor)

    const problems = collectProblems(phone)
    await phone.goto(`${bed.hubUrl}/patient/sharing`)
    await phone.getByText('没有授权，未能查看').waitFor({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '新增授权' }).click()
    await phone.getByLabel('让哪家医院看').selectOption(String(READER))
    await phone.getByLabel('看您在哪家医院的记录').selectOption(String(HOSPITAL))
    await phone.getByText('就诊预约', { exact: true }).first().click()
    expect(await violationsOn(phone)).toEqual([])
    await phone.getByRole('button', { name: '同意授权' }).click()
    await phone.getByRole('button', { name: '撤回授权' }).waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])

    await look()
    await doctor.getByText('依据患者授权。').waitFor({ timeout: SLOW_MS })
    await expectReadable(doctor)
  })

  it('[I5] the patient sees it, takes it back, and the doctor’s next look is refused', async () => {
    await phone.reload()
    await phone.getByText('依据您的授权').waitFor({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '撤回授权' }).click()
    await phone.getByRole('button', { name: '撤回', exact: true }).click()
    await phone.getByText('您没有授权任何医院看别家的记录。').waitFor({ timeout: SLOW_MS })
    await look()
    await doctor.getByText('患者已撤回授权。').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(phone)).toEqual([])
  })

  it('[I5] in an emergency it is opened with a reason; the patient is told, and asks', async () => {
    await doctor.getByLabel('具体情况').fill('昏迷送来，需查近期就诊')
    await doctor.getByRole('button', { name: '紧急查看' }).click()
    await doctor.getByText('紧急查看，将被审查。').waitFor({ timeout: SLOW_MS })
    await expectReadable(doctor)

    await phone.goto(`${bed.hubUrl}/patient/`)
    await phone.getByText('有人紧急查看了您的记录').click({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '我知道了' }).click({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '我知道了' }).waitFor({ state: 'hidden' })
    const odd = phone.getByRole('article').filter({ hasText: '紧急查看，专人审查' })
    await odd.getByRole('button', { name: '问问为什么看' }).click()
    await odd.getByRole('button', { name: '发送' }).click()
    await odd.getByText('已发送，医院三天内答复。').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(phone)).toEqual([])
  })

  it('[I5] another hospital’s auditor judges it and answers, and the patient reads that', async () => {
    const auditor = await staff('auditor', HOSPITAL, '/record-reviews')
    const problems = collectProblems(auditor)
    await auditor.getByText('昏迷送来，需查近期就诊').waitFor({ timeout: SLOW_MS })
    await expectReadable(auditor)
    await auditor.getByRole('button', { name: '理由成立' }).click()
    await auditor.getByText('没有待审查的紧急查看。').waitFor({ timeout: SLOW_MS })
    await auditor.getByLabel('答复').fill('您昏迷送医，为抢救查看')
    await auditor.getByRole('button', { name: '发送答复' }).click()
    await auditor.getByText('没有待答复的疑问。').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await phone.reload()
    await phone.getByText('您昏迷送医，为抢救查看').waitFor({ timeout: SLOW_MS })
    // The looks that were refused are all that went wrong.
    expect(doctorProblems.filter((problem) => !/^403 .*record-readings/.test(problem))).toEqual([])
  })
})
