import type { Role } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { World, WorldHospital, WorldPerson } from '../../simulators/world/index.ts'
import { DEMO_PASSWORD, secondItLogin, staffLogin } from './seed.ts'

/**
 * Whom a newcomer may sign in as: a few kinds of payers, each hospital's finance, and at the first hospital the
 * cashier and the auditor, who see the same money and may do less, and its IT, who keeps channels and partners;
 * at the last its cashier, who stops clinics with its finance.
 */
export async function savePersonas(hub: Hub, world: World): Promise<void> {
  const password = DEMO_PASSWORD
  const patients = KINDS.flatMap(({ zh, en, is }) => {
    const person = world.people.find(is)
    if (!person) return []
    const label = { zh: `${person.name}（${zh}）`, en: `${person.name} (${en})` }
    return [{ app: 'patient' as const, login: person.phone, password, label }]
  })
  const staffOf = ({ id, shortName }: WorldHospital, role: keyof typeof WORK) => ({
    app: 'console' as const,
    login: staffLogin(id, role),
    password,
    label: { zh: `${shortName} ${WORK[role].zh}`, en: `${shortName} ${WORK[role].en}` },
  })
  const staff = [
    ...world.hospitals.map((hospital) => staffOf(hospital, 'finance')),
    ...world.hospitals.slice(0, 1).flatMap((hospital) => [
      ...OTHERS.map((role) => staffOf(hospital, role)),
      {
        ...staffOf(hospital, 'it'),
        login: secondItLogin(hospital.id),
        label: secondItLabel(hospital),
      },
    ]),
    // Where the hub keeps the numbers, a second person for what one may not decide alone.
    ...world.hospitals.slice(-1).map((hospital) => staffOf(hospital, 'cashier')),
  ]
  await hub.identity.saveDemoPersonas([...patients, ...staff, ...BANK_STAFF])
}

const bankPerson = (login: string, zh: string, en: string) => ({
  app: 'console' as const,
  login,
  password: DEMO_PASSWORD,
  label: { zh, en },
})

const BANK_STAFF = [
  bankPerson('bank1', '鹿城商业银行 信贷', 'Lucheng Commercial Bank, lending'),
  bankPerson('bank2', '鹿城商业银行 风控（复核）', 'Lucheng Commercial Bank, risk (second person)'),
  bankPerson(
    'bankaudit1',
    '鹿城商业银行 稽核（只读）',
    'Lucheng Commercial Bank, audit (read only)',
  ),
]

const secondItLabel = ({ shortName }: WorldHospital) => ({
  zh: `${shortName} 信息科（复核）`,
  en: `${shortName} IT (second person)`,
})

const OTHERS = ['cashier', 'auditor', 'it', 'doctor'] as const
const WORK = {
  finance: { zh: '财务', en: 'finance' },
  cashier: { zh: '收费员（可退费，不对账）', en: 'cashier (refunds, no reconciliation)' },
  auditor: { zh: '审计（只读）', en: 'auditor (read only)' },
  it: { zh: '信息科（渠道与接口）', en: 'IT (channels and interface)' },
  doctor: { zh: '医生（叫号与外院记录）', en: 'doctor (calls, records of others)' },
} satisfies Partial<Record<Role, { zh: string; en: string }>>

/** Those of the payers, in their order. */
export const personaPeople = (world: World): WorldPerson[] =>
  KINDS.flatMap(({ is }) => world.people.find(is) ?? [])

const KINDS: { zh: string; en: string; is: (person: WorldPerson) => boolean }[] = [
  {
    zh: '职工医保',
    en: 'employee insurance',
    is: ({ insurance }) =>
      insurance?.scheme === '310' && insurance.status === 'active' && !insurance.retired,
  },
  {
    zh: '退休职工',
    en: 'retired employee',
    is: ({ insurance }) => insurance?.retired === true && insurance.status === 'active',
  },
  {
    zh: '居民医保',
    en: 'resident insurance',
    is: ({ insurance }) => insurance?.scheme === '390' && insurance.status === 'active',
  },
  { zh: '自费', en: 'no insurance', is: ({ insurance }) => insurance === null },
  {
    zh: '医保暂停',
    en: 'insurance suspended',
    is: ({ insurance }) => insurance?.status === 'suspended',
  },
]
