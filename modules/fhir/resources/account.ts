import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type { DepositAccount, DepositAccountId } from '../../deposits/index.ts'
import { extensionUrl, hospitalReference, patientReference, SYSTEMS } from '../elements.ts'
import { moneyOf } from '../json.ts'
import { spanOf } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** A deposit 预交金 under custody. R4 has no place for a balance: two extensions have it. */
export const toAccount = (account: DepositAccount) => ({
  resourceType: 'Account' as const,
  id: account.id,
  extension: [
    { url: extensionUrl('balance'), valueMoney: moneyOf(account.balanceFen) },
    { url: extensionUrl('held'), valueMoney: moneyOf(account.heldFen) },
  ],
  ...(account.stayNo === ''
    ? {}
    : {
        identifier: [
          { system: SYSTEMS.ofHospital(account.hospitalId, 'stay-no'), value: account.stayNo },
        ],
      }),
  status: account.status === 'open' ? 'active' : 'inactive',
  type: {
    coding: [{ system: 'urn:yiqiao:account-kind', code: account.kind }],
    text: account.kind === 'inpatient' ? '住院预交金' : '门诊预交金',
  },
  subject: [patientReference(account.personId)],
  servicePeriod: {
    start: toShanghaiIso(account.openedAt),
    ...(account.closedAt ? { end: toShanghaiIso(account.closedAt) } : {}),
  },
  owner: hospitalReference(account.hospitalId),
})

type Account = ReturnType<typeof toAccount>

const parameters: Parameter<Account>[] = [
  reference('patient', 'Whose it is', (account) => account.subject),
  reference('subject', 'The same', (account) => account.subject),
  token('status', 'active, inactive', (account) => [account.status]),
  token('identifier', 'The number of the stay', ({ identifier = [] }) =>
    identifier.map(({ system, value }) => ({ system, code: value })),
  ),
  token('type', 'inpatient, outpatient', (account) => [account.type]),
  date('period', 'From when to when it is open', (account) => spanOf(account.servicePeriod)),
]

export const accountType: FhirType<DepositAccount, Account> = {
  type: 'Account',
  documentation: 'A deposit under custody, with its balance',
  toResource: toAccount,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    id: '0190b3a0-0000-7000-8000-00000000000c' as DepositAccountId,
    personId: '0190b3a0-0000-7000-8000-000000000001' as DepositAccount['personId'],
    kind: 'inpatient',
    stayNo: 'ZY20261120001',
    custody: { bank: '滨海银行', accountNo: '6222000011112222' },
    status: 'open',
    balanceFen: fen(500_010),
    heldFen: fen(0),
    lowFen: fen(100_000),
    openedAt: new Date('2026-11-20T02:00:00Z'),
    closedAt: null,
  },
}
