import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { lenderId, type LenderId, type Product } from '../../../modules/credit/index.ts'
import { type Role, systemActor } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import { hospCodeOf } from '../../simulators/region-lender.ts'
import type { RegionUrls } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { World } from '../../simulators/world/index.ts'
import { DEMO_PASSWORD } from './seed.ts'

/** The banks that lend in the demo region: one that only wants the ledger, one with an interface of its own. */
export const LEDGER_BANK = lenderId(900_001)
export const API_BANK = lenderId(900_002)

const HOSPITAL_LIMIT = fen(2_000_000_00)
const SETUP = systemActor('sandbox')

/** Sets up the lenders with what they offer, their limits at every hospital, and their people. */
export async function seedLenders(hub: Hub, world: World): Promise<void> {
  const { credit } = hub.sources
  for (const { id, name, form, products } of LENDERS) {
    await credit.saveLender({ lenderId: id, name, form, status: 'active' })
    await credit.addConsentText(id, { version: CONSENT_VERSION, ...consentTextOf(name) })
    for (const product of products) await credit.addProduct({ lenderId: id, ...product })
    for (const hospital of world.hospitals) await limitAt(hub, id, hospital.id)
  }
  const passwordHash = await hub.identity.hashPassword(DEMO_PASSWORD)
  for (const { login, hospitalId, ...person } of STAFF) {
    await hub.identity.registerStaff({ ...person, hospitalId, login, passwordHash })
  }
}

const limitAt = (hub: Hub, lender: LenderId, careHospitalId: HospitalId) =>
  hub.sources.credit.changeHospitalLimit(
    { lenderId: lender, careHospitalId, limitFen: HOSPITAL_LIMIT },
    SETUP,
  )

/** Says how the bank with an interface of its own is reached. */
export async function connectLenders(
  hub: Hub,
  world: World,
  { lender }: RegionSecrets,
  urls: RegionUrls,
): Promise<void> {
  await hub.hospitals.saveBookConnection(API_BANK, 'lender', 'gateway', {
    gatewayUrl: `${urls.lender}/gateway`,
    partnerNo: lender.partnerNo,
    servicePrefix: '',
    operId: 'YIQIAO',
    sourceCode: 'APP',
    signType: 'RSA2',
    privateKeyPem: lender.hub.privateKeyPem,
    bankPublicKeyPem: lender.bank.publicKeyPem,
    hospitals: world.hospitals.map((hospital) => ({
      hospitalId: Number(hospital.id),
      hospCode: hospCodeOf(hospital),
    })),
  })
}

const CONSENT_VERSION = '2026-11'

/** What a person agrees to. Invented for the demo: a real lender brings its own text, and its lawyers'. */
const consentTextOf = (name: { zh: string; en: string }) => ({
  zh: [
    `一、我申请${name.zh}的就医信用额度，同意医桥平台把我的姓名、身份证号、手机号交给${name.zh}核验。`,
    '二、额度只用来支付本人在本区域医院的医疗费用。我的病情、科室和检查项目不会告诉银行。',
    '三、约定的就诊中，账单先由医保结算（含个人账户），其余自动用额度支付，不再逐笔确认；就诊结束时一次结算。免息期内还清不收利息；分期或逾期按页面所示年化利率（单利，IRR）计收。',
    '四、逾期会影响我的信用记录，并可能停止我的额度。我可以随时提前还款，不收手续费。',
    '五、申请由系统按公开的规则评分，我有权知道理由，并要求人工复核。我可以随时停用额度。',
  ].join('\n'),
  en: [
    `1. I apply for a line of credit for medical care with ${name.en}, which is told my name, identity number and phone to check who I am.`,
    '2. It pays my own bills at hospitals of this region only. The bank learns nothing of my illness, department or examinations.',
    '3. In a visit that is agreed, bills are paid without a further tap, by the insurance first (the personal account too), the rest by the line, and settled once at its end. What is repaid in the free period bears no interest; instalments and arrears bear the yearly rate shown.',
    '4. Arrears are reported and may suspend my line. I may repay early at any time, without a fee.',
    '5. The application is scored by published rules. I may know the reasons and have a person look at it. I may give the line up at any time.',
  ].join('\n'),
})

const VISIT_CREDIT: Omit<Product, 'lenderId'> = {
  id: 'visit-credit-1',
  kind: 'visit_credit',
  name: { zh: '信用就医', en: 'Visit credit' },
  status: 'offered',
  minLimitFen: fen(500_00),
  maxLimitFen: fen(20_000_00),
  freeDays: 30,
  ways: [{ way: 'next_month', periods: 1, yearlyRatePpm: 60_000, feePpm: 0 }],
  penaltyPpm: 1_500_000,
  aprCapPpm: 150_000,
  scenes: ['registration', 'outpatient', 'inpatient'],
  bands: [
    { fromScore: 700, limitFen: fen(10_000_00) },
    { fromScore: 600, limitFen: fen(5_000_00) },
    { fromScore: 500, limitFen: fen(2_000_00) },
  ],
  minAgeYears: 18,
  maxAgeYears: 70,
  consentVersion: CONSENT_VERSION,
}

const WITH_INSTALMENTS: Omit<Product, 'lenderId'> = {
  ...VISIT_CREDIT,
  id: 'visit-credit-instalments',
  name: { zh: '信用就医（可分期）', en: 'Visit credit with instalments' },
  ways: [
    { way: 'next_month', periods: 1, yearlyRatePpm: 48_000, feePpm: 0 },
    { way: 'equal_payment', periods: 6, yearlyRatePpm: 48_000, feePpm: 0 },
    { way: 'equal_principal', periods: 6, yearlyRatePpm: 48_000, feePpm: 0 },
    { way: 'flat_fee', periods: 12, yearlyRatePpm: 0, feePpm: 3_000 },
  ],
  maxAgeYears: 80,
}

const WHITE_NOTE: Omit<Product, 'lenderId'> = {
  ...WITH_INSTALMENTS,
  id: 'white-note-1',
  kind: 'white_note',
  name: { zh: '医疗白条', en: 'Medical white note' },
  freeDays: 15,
}

const NO_DOWN_PAYMENT: Omit<Product, 'lenderId'> = {
  ...WITH_INSTALMENTS,
  id: 'no-down-payment-1',
  kind: 'no_down_payment',
  name: { zh: '困难群众零首付', en: 'No down payment for people in need' },
  freeDays: 60,
  ways: [
    { way: 'next_month', periods: 1, yearlyRatePpm: 0, feePpm: 0 },
    { way: 'equal_principal', periods: 12, yearlyRatePpm: 30_000, feePpm: 0 },
  ],
}

const LENDERS = [
  {
    id: LEDGER_BANK,
    form: 'built_in',
    name: { zh: '鹿城商业银行', en: 'Lucheng Commercial Bank' },
    products: [WITH_INSTALMENTS, WHITE_NOTE, NO_DOWN_PAYMENT],
  },
  {
    id: API_BANK,
    form: 'bank_api',
    name: { zh: '瓯江银行', en: 'Oujiang Bank' },
    products: [VISIT_CREDIT],
  },
] as const

const STAFF: readonly { hospitalId: LenderId; name: string; roles: Role[]; login: string }[] = [
  { hospitalId: LEDGER_BANK, name: '金信贷', roles: ['finance'], login: 'bank1' },
  { hospitalId: LEDGER_BANK, name: '汤风控', roles: ['finance'], login: 'bank2' },
  { hospitalId: LEDGER_BANK, name: '褚稽核', roles: ['auditor'], login: 'bankaudit1' },
  { hospitalId: API_BANK, name: '俞信贷', roles: ['finance'], login: 'bank3' },
]
