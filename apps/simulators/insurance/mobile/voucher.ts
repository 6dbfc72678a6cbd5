import { randomHex } from '../../../../kernel/random.ts'
import { addMs, MINUTE_MS } from '../../../../kernel/time.ts'
import type { Centre, Member } from '../centre.ts'
import { oneOf, optional, readFields, text } from '../fields.ts'
import { Refusal } from '../refusal.ts'
import type { Reply } from '../reply.ts'
import {
  JsonNumber,
  memberOf,
  parseWire,
  type Wire,
  type WireObject,
  writeWire,
} from '../wire-json.ts'

/** ec.query: who showed this code of the electronic voucher (医保电子凭证), and a token for it. */
export function decodeVoucher(centre: Centre, body: string): Reply {
  return centre.store.transaction(() => {
    try {
      return answer(0, '成功', decode(centre, parse(body)))
    } catch (error) {
      if (error instanceof Refusal) return answer(-1, error.message, null)
      throw error
    }
  })
}

/** A token by which the person can be told for a while: of a shown code, or tapped on a phone. */
export function issueToken(centre: Centre, { insurance }: Member): string {
  const token = randomHex(centre.random, TOKEN_BYTES).toUpperCase()
  const expiresAt = addMs(centre.clock.now(), TOKEN_MS)
  centre.store.run('insert into voucher_token values (?, ?, ?)', [
    token,
    insurance.personNo,
    expiresAt.getTime(),
  ])
  return token
}

function decode(centre: Centre, message: Wire): WireObject {
  const outer = readFields(message, OUTER)
  const data = readFields(memberOf(message, 'data'), QUERY, 'data')
  if (!centre.hospitals.has(outer.orgId) || data.orgId !== outer.orgId) {
    throw new Refusal('orgId', '机构不存在')
  }
  const member = centre.people.byCredential.get(`01:${data.ecQrCode}`)
  if (!member) throw new Refusal('data.ecQrCode', '电子凭证码无效')
  const { person, insurance } = member
  return {
    idNo: person.idCardNo,
    userName: person.name,
    idType: '01',
    ecToken: issueToken(centre, member),
    insuOrg: insurance.admdvs,
    ecIndexNo: insurance.personNo,
    gender: person.gender === 'male' ? '1' : '2',
    birthday: person.birthDate,
    nationality: 'CHN',
    email: null,
    extra: null,
  }
}

function parse(body: string): Wire {
  try {
    return parseWire(body)
  } catch {
    throw new Refusal('报文', '不是JSON')
  }
}

const answer = (code: number, message: string, data: WireObject | null): Reply => ({
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body: writeWire({ code: new JsonNumber(String(code)), message, data }),
  delayMs: 0,
})

const TOKEN_MS = 10 * MINUTE_MS
const TOKEN_BYTES = 20

const OUTER = { orgId: text(40), transType: oneOf('ec.query') }

const QUERY = {
  orgId: text(40),
  ecQrCode: text(512),
  businessType: oneOf(
    '01101',
    '01102',
    '01103',
    '01104',
    '01201',
    '01202',
    '01203',
    '01204',
    '01301',
    '01302',
    '01303',
    '01304',
    '01305',
    '02121',
    '02122',
    '03131',
  ),
  operatorId: text(64),
  operatorName: text(64),
  officeId: optional(text(20)),
  officeName: optional(text(30)),
}
