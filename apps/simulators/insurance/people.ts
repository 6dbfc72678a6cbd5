import { assert } from '../../../kernel/assert.ts'
import { type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import type { WorldInsurance, WorldPerson } from '../world/world.ts'
import { balanceOf } from './books.ts'
import type { Call, Centre, Handler, Member, People } from './centre.ts'
import { dateTime, oneOf, optional, readFields, text } from './fields.ts'
import { Refusal } from './refusal.ts'
import { integerOf, textOf } from './store.ts'
import { memberOf, scaled, type WireObject, yuan } from './wire-json.ts'

type CredentialType = '01' | '02' | '03'

/** 电子凭证令牌, 身份证号, 社会保障卡卡号. */
export const credentialType = oneOf('01', '02', '03')

/**
 * Knows everybody who is insured, and each of them by voucher, identity card and social card. A
 * person who is insured in a second area as well has one psn_no in both.
 */
export function peopleOf(
  people: readonly WorldPerson[],
  second: readonly { personNo: string; insurance: WorldInsurance }[],
): People {
  const members = people.flatMap((person) =>
    person.insurance ? [{ person, insurance: person.insurance }] : [],
  )
  const byPersonNo = new Map<string, Member[]>()
  for (const member of members) {
    const others = second.filter(({ personNo }) => personNo === member.insurance.personNo)
    const personNo = member.insurance.personNo
    const more = others.map(({ insurance }) => ({
      person: member.person,
      insurance: { ...insurance, personNo },
    }))
    byPersonNo.set(personNo, [member, ...more])
  }
  assert(byPersonNo.size === members.length, 'every psn_no is given once')
  const byCredential = new Map(
    members.flatMap((member) => [
      [`01:${member.person.media.insuranceVoucher}`, member] as const,
      [`02:${member.person.idCardNo}`, member] as const,
      [`03:${member.person.media.socialCardNo}`, member] as const,
    ]),
  )
  return { byPersonNo, byCredential }
}

/** 1101. */
export const personInfo: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), PERSON_INFO, 'data')
  if (data.mdtrt_cert_type === '03' && data.card_sn === null) {
    throw new Refusal('data.card_sn', '就诊凭证类型为03时必填')
  }
  const path = 'data.mdtrt_cert_no'
  const credential = { type: data.mdtrt_cert_type, no: data.mdtrt_cert_no }
  const member = requireByCredential(centre, credential, path)
  if (!member) throw new Refusal(path, '未查询到参保信息')
  const { person, insurance } = member
  if (data.psn_name !== null && data.psn_name !== person.name) {
    throw new Refusal('data.psn_name', '与参保登记姓名不一致')
  }
  if (data.certno !== null && data.certno !== person.idCardNo) {
    throw new Refusal('data.certno', '与参保登记证件号码不一致')
  }
  const balance = balanceOf(centre.store, insurance.personNo)
  return {
    baseinfo: { ...identityOf(member, call.at), brdy: person.birthDate },
    insuinfo: (centre.people.byPersonNo.get(insurance.personNo) ?? []).map((one) => ({
      balc: yuan(balance),
      insutype: one.insurance.scheme,
      psn_type: personTypeOf(one.insurance),
      psn_insu_stas: one.insurance.status === 'active' ? '1' : '2',
      cvlserv_flag: '0',
      insuplc_admdvs: one.insurance.admdvs,
      emp_name: null,
    })),
    idetinfo: [],
  }
}

/**
 * The person a message is about.
 *
 * Errors: a Refusal when nobody has this number, or the envelope names another 参保地 than theirs.
 */
export function requireMember(centre: Centre, call: Call, personNo: string, path: string): Member {
  const members = centre.people.byPersonNo.get(personNo)
  if (!members) throw new Refusal(path, '人员编号不存在')
  if (call.insuplcAdmdvs === null) throw new Refusal('insuplc_admdvs', '交易含人员编号时必填')
  const member = members.find(({ insurance }) => insurance.admdvs === call.insuplcAdmdvs)
  if (!member) throw new Refusal('insuplc_admdvs', '与人员参保地不一致')
  return member
}

/** Refuses a credential that is not this person's. */
export function checkCredential(
  centre: Centre,
  member: Member,
  credential: { type: CredentialType; no: string },
  path = 'data.mdtrt_cert_no',
): void {
  const found = requireByCredential(centre, credential, path)
  if (found?.person !== member.person) throw new Refusal(path, '就诊凭证与人员编号不一致')
}

/** Refuses an insurance that the person does not have. */
export function checkInsurance(member: Member, insutype: string, path = 'data.insutype'): void {
  if (member.insurance.scheme !== insutype) throw new Refusal(path, '人员未参加该险种')
}

/** Refuses benefits while the insurance is suspended. */
export function checkActive(member: Member, path = 'data.psn_no'): void {
  if (member.insurance.status === 'active') return
  throw new Refusal(path, '参保状态为暂停参保，不能享受医保待遇')
}

/** By a token of the electronic voucher too, while it lasts. */
export function findByCredential(centre: Centre, type: string, no: string): Member | undefined {
  const holder = type === '01' ? findToken(centre, no)?.personNo : undefined
  const members = holder === undefined ? undefined : centre.people.byPersonNo.get(holder)
  return members?.[0] ?? centre.people.byCredential.get(`${type}:${no}`)
}

/** Errors: a Refusal under `path` for a token that was good once. */
export function requireByCredential(
  centre: Centre,
  { type, no }: { type: string; no: string },
  path: string,
): Member | undefined {
  if (type === '01' && findToken(centre, no)?.isOver) {
    throw new Refusal(path, '医保电子凭证令牌已过期')
  }
  return findByCredential(centre, type, no)
}

/** A token that was given out for a voucher that somebody showed (ec.query). */
function findToken({ store, clock }: Centre, token: string) {
  const row = store.get('select * from voucher_token where token = ?', [token])
  if (!row) return null
  const isOver = integerOf(row, 'expires_at_ms') <= clock.now().getTime()
  return { personNo: textOf(row, 'psn_no'), isOver }
}

/** The fields with which every answer names the person. */
export const identityOf = ({ person, insurance }: Member, at: Date): WireObject => ({
  psn_no: insurance.personNo,
  psn_cert_type: '01', // 居民身份证
  certno: person.idCardNo,
  psn_name: person.name,
  gend: person.gender === 'male' ? '1' : '2',
  naty: '01',
  age: scaled(ageInTenths(person.birthDate, businessDateOf(at)), 1),
})

/** 11 在职, 12 退休, 15 居民（成年）. */
export const personTypeOf = (insurance: WorldInsurance): string =>
  insurance.scheme === '390' ? '15' : insurance.retired ? '12' : '11'

const PERSON_INFO = {
  mdtrt_cert_type: credentialType,
  mdtrt_cert_no: text(50),
  card_sn: optional(text(32)),
  begntime: optional(dateTime),
  psn_cert_type: optional(text(6)),
  certno: optional(text(50)),
  psn_name: optional(text(50)),
}

/** Age is decimal 4,1 on the wire: full months, as tenths of a year, rounded down. */
function ageInTenths(birthDate: BusinessDate, today: BusinessDate): bigint {
  const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  const begun = today.slice(8) < birthDate.slice(8) ? 1 : 0 // the month under way is not full
  const months = Math.max(0, monthOf(today) - monthOf(birthDate) - begun)
  return BigInt(Math.trunc((months * 10) / 12))
}
