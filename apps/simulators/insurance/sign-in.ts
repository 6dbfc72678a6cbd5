import { businessDateOf, toShanghaiText } from '../../../kernel/time.ts'
import { type Call, type Centre, type Handler, newNumber } from './centre.ts'
import { optional, readFields, text } from './fields.ts'
import { Refusal } from './refusal.ts'
import { memberOf } from './wire-json.ts'

/** 9001: a sign_no is good for the hospital and for the day, until it signs out. */
export const signIn: Handler = (centre, call) => {
  readFields(memberOf(call.input, 'signIn'), SIGN_IN, 'signIn')
  const signNo = newNumber(centre, call.at)
  centre.store.run(
    'insert into sign_in (sign_no, fixmedins_code, business_date) values (?, ?, ?)',
    [signNo, call.fixmedinsCode, businessDateOf(call.at)],
  )
  return { signinoutb: { sign_time: toShanghaiText(call.at), sign_no: signNo } }
}

/** 9002. The sign_no to end is that of the input, or else the envelope's. */
export const signOut: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'signOut'), SIGN_OUT, 'signOut')
  const signNo = data.sign_no ?? call.signNo
  const ended = centre.store.run(
    'update sign_in set ended = 1 where sign_no = ? and fixmedins_code = ? and ended = 0',
    [signNo, call.fixmedinsCode],
  )
  if (ended === 0) throw new Refusal('signOut.sign_no', '未签到或已签退')
  return { signoutoutb: { sign_time: toShanghaiText(call.at) } }
}

/** Refuses a call of a hospital that has not signed in today. */
export function checkSignIn(centre: Centre, call: Call): void {
  if (!centre.signInRequired || call.infno === '9001') return
  const row = centre.store.get(
    `select 1 from sign_in
     where sign_no = ? and fixmedins_code = ? and business_date = ? and ended = 0`,
    [call.signNo, call.fixmedinsCode, businessDateOf(call.at)],
  )
  if (!row) throw new Refusal('sign_no', '未签到或签到已失效，请先签到(9001)')
}

const SIGN_IN = { opter_no: text(20), mac: text(20), ip: text(20) }
const SIGN_OUT = { sign_no: optional(text(30)), opter_no: text(20) }
