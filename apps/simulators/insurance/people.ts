import { assert } from '../../../kernel/assert.ts'
import { type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import type { WorldInsurance, WorldPerson } from '../world/world.ts'
import { balanceOf } from './books.ts'
import type { Call, Centre, Handler, Member, People } from './centre.ts'
import { dateTime, oneOf, optional, readFields, text } from './fields.ts'
import { Refusal } from './refusal.ts'
import { memberOf, scaled, type WireObject, yuan } from './wire-json.ts'

type CredentialType = '01' | '02' | '03'

/** 电子凭证令牌, 身份证号, 社会保障卡卡号. */
export const credentialType = oneOf('01', '02', '03')

/** Knows everybody who is insured, and each of them by voucher, identity card and social card. */
export function peopleOf(people: readonly WorldPerson[]): People {
  const members = people.flatMap((person) =>
    person.insurance ? [{ person, insurance: person.insurance }] : [],
  )
  const byPersonNo = new Map(members.map((member) => [member.insurance.personNo, member]))
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
  const member = findByCredential(centre, data.mdtrt_cert_type, data.mdtrt_cert_no)
  if (!member) throw new Refusal('data.mdtrt_cert_no', '未查询到参保信息')
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
    insuinfo: [
      {
        balc: yuan(balance),
        insutype: insurance.scheme,
        psn_type: personTypeOf(insurance),
        psn_insu_stas: insurance.status === 'active' ? '1' : '2',
        cvlserv_flag: '0',
        insuplc_admdvs: insurance.admdvs,
        emp_name: null,
      },
    ],
    idetinfo: [],
  }
}

/**
 * The person a message is about.
 *
 * Errors: a Refusal when nobody has this number, or the envelope names another 参保地 than theirs.
 */
export function requireMember(centre: Centre, call: Call, personNo: string, path: string): Member {
  const member = centre.people.byPersonNo.get(personNo)
  if (!member) throw new Refusal(path, '人员编号不存在')
  if (call.insuplcAdmdvs === null) throw new Refusal('insuplc_admdvs', '交易含人员编号时必填')
  if (call.insuplcAdmdvs !== member.insurance.admdvs) {
    throw new Refusal('insuplc_admdvs', '与人员参保地不一致')
  }
  return member
}

/** Refuses a credential that is not this person's. */
export function checkCredential(
  centre: Centre,
  member: Member,
  credential: { type: CredentialType; no: string },
): void {
  if (findByCredential(centre, credential.type, credential.no) !== member) {
    throw new Refusal('data.mdtrt_cert_no', '就诊凭证与人员编号不一致')
  }
}

/** Refuses an insurance that the person does not have. */
export function checkInsurance(member: Member, insutype: string): void {
  if (member.insurance.scheme !== insutype) throw new Refusal('data.insutype', '人员未参加该险种')
}

export const findByCredential = (centre: Centre, type: string, no: string): Member | undefined =>
  centre.people.byCredential.get(`${type}:${no}`)

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
