import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { SANDBOX_PEOPLE, SANDBOX_SEED } from '../../apps/cli/sandbox/files.ts'
import { seedPoints, seedPrepayment } from '../../apps/cli/sandbox/seed-benefits.ts'
import { DEMO_PASSWORD } from '../../apps/cli/sandbox/seed.ts'
import type { OpenHub } from '../../apps/hub/open-hub.ts'
import { DIRECT_PRODUCTS, grantPolicies } from '../../apps/simulators/commercial/index.ts'
import { createWorld, type World, type WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { systemClock } from '../../platform/system.ts'
import {
  collectProblems,
  desktopPage,
  launchBrowser,
  phonePage,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { type Sandbox, startSandbox } from '../setup/sandbox.ts'
import { CHEAPER, DEAR, HOME_MADE, hubOf, seedCatalogue } from '../setup/seed-payers.ts'
import { SLOW_MS, violationsOn } from './desk.ts'

// Whoever pays a part beside the payer, in a real browser: a policy is bound and pays, points become a voucher that is
// used, an old prepayment is asked back, and a bill explains itself.

const HOSPITAL = 1 as HospitalId
const WALLET_PASSWORD = '123456'
/** Pays for outpatient visits from the first yuan on, after thirty days. */
const PRODUCT = 'MZ-100'
const DAYS_WAITED = 31
const YEAR_DAYS = 364

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('whoever pays a part', { timeout: 240_000 }, () => {
  let sandbox: Sandbox
  let browser: Browser
  let opened: OpenHub
  let world: World
  let insured: WorldPerson
  let frugal: WorldPerson
  let saver: WorldPerson

  beforeAll(async () => {
    sandbox = await startSandbox()
    world = createWorld(SANDBOX_SEED, { people: SANDBOX_PEOPLE })
    insured = holderOf(world)
    const [first, second] = world.people.filter(
      ({ no, insurance, media }) => no !== insured.no && insurance === null && isPatient({ media }),
    )
    assert(first && second, 'somebody has no insurance')
    frugal = first
    saver = second
    opened = hubOf(sandbox)
    await seedPoints(opened, HOSPITAL, frugal)
    await seedPrepayment(opened, HOSPITAL, saver)
    await seedCatalogue(opened, HOSPITAL, world)
    await makeBill(sandbox, world, insured)
    await makeBill(sandbox, world, frugal)
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await opened?.close()
    await sandbox?.stop()
  })

  it('[N3] a policy is found with consent, bound, pays, and its claim can be followed', async () => {
    const { phone, problems } = await signIn(browser, sandbox, insured)
    await phone.goto(`${sandbox.hubUrl}/patient/cover`)
    const insurer = phone.getByRole('region', { name: '惠民保' })
    await insurer.getByRole('switch', { name: '允许查询我的保单' }).click({ timeout: SLOW_MS })
    await insurer.getByRole('button', { name: '同意' }).click({ timeout: SLOW_MS })
    await insurer.getByRole('button', { name: '查询我的保单' }).click({ timeout: SLOW_MS })
    await insurer.getByRole('button', { name: /绑定/ }).click({ timeout: SLOW_MS })
    await insurer.getByText('超过免赔额的部分赔 90%').waitFor({ timeout: SLOW_MS })
    expect(await insurer.innerText()).toMatch(/门诊百元医疗保险[^]*有效[^]*没有免赔额/)
    await insurer.getByRole('switch', { name: '允许发送理赔材料' }).click()
    await insurer.getByText('票据', { exact: true }).click()
    await insurer.getByRole('button', { name: '同意' }).click()
    await insurer.getByText('包括：票据').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(phone)).toEqual([])

    await payTheBill(phone, sandbox, /商业保险\s*−¥[\d.,]+/)
    await phone.goto(`${sandbox.hubUrl}/patient/cover`)
    const claims = phone.getByRole('region', { name: '理赔进度' })
    await claims.getByText(/缴费时保险已先付/).waitFor({ timeout: SLOW_MS })
    expect(await claims.innerText()).toMatch(/正在准备材料|材料已送出/)
    expect(problems).toEqual([])
    await phone.close()
  })

  it('[P8] what is left of an old prepayment says why it ends, and is asked back', async () => {
    const { phone, problems } = await signIn(browser, sandbox, saver)
    await phone.goto(`${sandbox.hubUrl}/patient/deposits`)
    const account = phone.getByRole('article', { name: '门诊预交金（旧）' })
    await account.getByText('国家规定不再收取门诊预交金').waitFor({ timeout: SLOW_MS })
    await account.getByRole('button', { name: '退回余额 ¥86.40' }).click()
    await phone.getByRole('button', { name: '全部退回' }).click()
    await account.getByText('正在退回 ¥86.40').waitFor({ timeout: SLOW_MS })
    await account.getByRole('button', { name: '收支明细' }).click()
    await account.getByText('存入').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(phone)).toEqual([])
    expect(problems).toEqual([])
    await phone.close()
  })

  it('[N4] a bill explains each line and shows covered drugs of the same kind, chosen by nobody', async () => {
    const { phone, problems } = await signIn(browser, sandbox, frugal)
    await phone.goto(`${sandbox.hubUrl}/patient/`)
    const hospital = phone.locator('.visit-link').first()
    await hospital.click({ timeout: SLOW_MS })
    await phone.getByText('每项为什么这样算').first().click({ timeout: SLOW_MS })
    await phone.getByText('以下为估算，实际以医保结算为准。').waitFor({ timeout: SLOW_MS })
    // The doctor may have ordered it twice.
    const line = phone.getByRole('article', { name: DEAR }).first()
    await line.getByText(/可考虑的医保内同类药品/).click({ timeout: SLOW_MS })
    const words = await line.innerText()
    expect(words).toMatch(/乙类，先自付一部分[^]*先自付 10%，即 ¥/)
    expect(words).toMatch(/由医生和您决定[^]*¥6\.80[^]*规格不同[^]*估算可少付 ¥/)
    expect(await line.getByRole('button').count()).toBe(0)
    expect(await violationsOn(phone)).toEqual([])
    expect(problems).toEqual([])
    await phone.close()
  })

  it('[N6] points become a voucher, and the voucher pays', async () => {
    const { phone, problems } = await signIn(browser, sandbox, frugal)
    await phone.goto(`${sandbox.hubUrl}/patient/benefits`)
    const here = phone.getByRole('region', { name: '市人民医院' })
    await here.getByRole('button', { name: '用 100 分换 ¥10.00' }).click({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '兑换', exact: true }).click()
    await phone.getByText('已换得 ¥10.00').waitFor({ timeout: SLOW_MS })
    const voucher = phone.getByRole('article', { name: '健康代金券' })
    await voucher.getByText('来源：积分兑换。').waitFor({ timeout: SLOW_MS })
    expect(await voucher.innerText()).toMatch(/¥10\.00[^]*还有 20 天/)
    await here.getByText('高龄门诊补助').click()
    expect(await phone.locator('body').innerText()).toMatch(/年满 80 岁[^]*登记为困难人员/)
    expect(await violationsOn(phone)).toEqual([])
    await payTheBill(phone, sandbox, /代金券\s*−¥10\.00/)
    expect(problems).toEqual([])
    await phone.close()
  })

  it('[N4] the hospital matches an item by hand, and says on what it rests', async () => {
    const desk = await desktopPage(browser)
    const problems = collectProblems(desk)
    await desk.goto(`${sandbox.hubUrl}/console/`)
    await desk.getByRole('button', { name: /财务/ }).first().click({ timeout: SLOW_MS })
    await desk.getByRole('link', { name: /医保对照/ }).click({ timeout: SLOW_MS })
    await desk.getByText(HOME_MADE.name).waitFor({ timeout: SLOW_MS })
    await desk.getByText('估算与医保结算的差异').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(desk)).toEqual([])
    await desk.getByRole('button', { name: `对照 ${HOME_MADE.name}` }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel(/目录中没有/).check({ timeout: SLOW_MS })
    await dialog.getByLabel(/依据/).fill('院内制剂，未进目录')
    await dialog.getByRole('button', { name: '保存对照' }).click()
    await desk.getByText('没有等待人工对照的项目。').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await desk.close()
  })
})

const isPatient = ({ media }: Pick<WorldPerson, 'media'>): boolean =>
  media.hospitalCards.some(({ hospitalId }) => hospitalId === HOSPITAL)

/** Somebody whose policy has waited long enough and has not ended, by the insurer's own way of selling. */
function holderOf({ people }: World): WorldPerson {
  const today = businessDateOf(systemClock.now())
  const seed = { seed: 'direct', sharePpm: 300_000, products: DIRECT_PRODUCTS, today }
  const isUsable = ({ product, beginsOn }: { product: string; beginsOn: string }) =>
    product === PRODUCT &&
    beginsOn <= addDays(today, -DAYS_WAITED) &&
    beginsOn > addDays(today, -YEAR_DAYS)
  const policies = grantPolicies(people, seed).filter(isUsable)
  // Employees have an account of their own, which leaves little to an insurer.
  const holder = people.find(
    (person) =>
      isPatient(person) &&
      person.insurance?.scheme !== '310' &&
      policies.some(({ idCardNo }) => idCardNo === person.idCardNo),
  )
  assert(holder, 'somebody has such a policy')
  return holder
}

/** The hospital's own system bills a visit, with a drug on it that a cheaper one may take the place of. */
async function makeBill({ hisUrls }: Sandbox, world: World, person: WorldPerson): Promise<void> {
  const panel = hisUrls[HOSPITAL]
  const dear = world.catalogue.find(({ name, code }) => name === DEAR && code !== CHEAPER.code)
  assert(panel && dear, 'the hospital has a system and a price list')
  const press = async (path: string, form: Record<string, string>) => {
    const body = new URLSearchParams(form)
    const answer = await fetch(`${panel}/panel/${path}`, { method: 'POST', body })
    assert(answer.ok, `${path} answered ${answer.status}`)
    return answer.text()
  }
  const page = await press('create', { personNo: String(person.no) })
  const [, billNo] = /<h2>(\S+) <small>/.exec(page) ?? []
  assert(billNo, 'the newest bill stands first')
  await press('add-item', { billNo, code: dear.code, quantity: '2' })
}

async function signIn(browser: Browser, { hubUrl }: Sandbox, person: WorldPerson) {
  const phone = await phonePage(browser)
  const problems = collectProblems(phone)
  await phone.goto(`${hubUrl}/patient/`)
  await phone.getByLabel('手机号').fill(person.phone, { timeout: SLOW_MS })
  await phone.getByLabel('密码').fill(DEMO_PASSWORD)
  await phone.getByRole('button', { name: '登录', exact: true }).click()
  await phone.getByText(`${person.name}，您好`).waitFor({ timeout: SLOW_MS })
  return { phone, problems }
}

/** Pays the newest bill; the plan names the part that somebody else pays. */
async function payTheBill(phone: Page, { hubUrl }: Sandbox, part: RegExp): Promise<void> {
  await phone.goto(`${hubUrl}/patient/`)
  await phone.getByText('去支付').first().click({ timeout: SLOW_MS })
  const pay = phone.getByRole('button', { name: /支付 ¥/ })
  await pay.waitFor({ timeout: SLOW_MS })
  expect(await phone.locator('body').innerText()).toMatch(part)
  await pay.click()
  await phone.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
  await phone.getByRole('button', { name: '确认支付' }).click()
  await phone.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
}
