import type { Gateway, Profile, VisitKind } from '../centre.ts'
import { passGateway } from '../gateway-auth.ts'

const rio: Gateway = {
  name: 'rio',
  admit: passGateway,
  open: (_centre, _clientId, message) => message,
  seal: (_centre, _clientId, answer) => answer,
}

const outpatient = (code: string, name: string, clearingType = '11') =>
  [code, { place: 'outpatient', clearingType, name }] as const satisfies [string, VisitKind]

const inpatient = (code: string, name: string) =>
  [code, { place: 'inpatient', clearingType: '21', name }] as const satisfies [string, VisitKind]

const CHRONIC = outpatient('14', '门诊慢特病')

const COMMON = [
  outpatient('11', '普通门诊'),
  outpatient('12', '门诊挂号'),
  outpatient('13', '急诊'),
  outpatient('15', '门诊统筹'),
  outpatient('16', '门诊特殊病'),
  outpatient('19', '意外伤害门诊'),
  outpatient('51', '生育门诊'),
  outpatient('53', '计划生育手术'),
  inpatient('21', '普通住院'),
  inpatient('22', '外伤住院'),
  inpatient('23', '转外诊治住院'),
  inpatient('24', '急诊转住院'),
  inpatient('52', '生育住院'),
] as const

/** As the national description has it. */
export const standard: Profile = {
  name: 'standard',
  gateway: rio,
  fundIncludesAccount: null,
  amountsAs: 'number',
  fileBytesAs: 'base64',
  visitKinds: new Map<string, VisitKind>([...COMMON, CHRONIC]),
  spelling: {},
}

/** Like Guangdong: the account is in the fund's sum, some codes are local, some fields misspelt. */
export const guangdong: Profile = {
  ...standard,
  name: 'guangdong',
  fundIncludesAccount: true,
  fileBytesAs: 'numbers',
  visitKinds: new Map<string, VisitKind>([
    ...COMMON,
    outpatient('9901', '门诊特定病种', '9902'),
    inpatient('2102', '单病种住院'),
  ]),
  spelling: { '5261': { medfee_sumamt: 'med_fee_sumamt', psn_cash_pay: 'psnCash_pay' } },
}
