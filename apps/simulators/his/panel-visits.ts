import { businessDateOf } from '../../../kernel/time.ts'
import { isStopped, listClinics } from './clinics.ts'
import type { His } from './context.ts'
import type { HisControls } from './controls.ts'

// What the panel has for visits: a doctor who cannot come, who is taken in as an inpatient, and who may leave.

export const VISIT_ACTIONS: Record<
  string,
  (controls: HisControls, textIn: (name: string) => string) => unknown
> = {
  '/panel/stop-clinic': (controls, textIn) =>
    controls.stopClinic(textIn('clinicNo'), textIn('reason') || '医生停诊'),
  '/panel/admit': (controls, textIn) =>
    controls.admit({
      personNo: Number(textIn('personNo')),
      departmentCode: textIn('departmentCode'),
    }),
  '/panel/order-discharge': (controls, textIn) => controls.orderDischarge(textIn('stayNo')),
}

/** The forms of these, as HTML. Everything on them comes through `escape`. */
export function visitForms(his: His, escape: (text: string) => string): string {
  const option = (value: string, text: string) =>
    `<option value="${escape(value)}">${escape(text)}</option>`
  const today = businessDateOf(his.clock.now())
  const clinics = listClinics(his, { from: today, to: today })
    .filter((clinic) => !isStopped(his, clinic))
    .map(({ clinicNo, department, doctor, halfDay }) =>
      option(clinicNo, `${department.name} ${doctor.name} ${HALF_DAYS[halfDay]}`),
    )
  const departments = his.registry.hospital.departments.map(({ code, name }) => option(code, name))
  const stays = his.store
    .all<{ stay_no: string; bed: string }>(
      `select stay_no, bed from stay where status = 'in_hospital' order by stay_no desc limit 30`,
    )
    .map((stay) => option(stay.stay_no, `${stay.stay_no} ${stay.bed} 床`))
  return `<details><summary>出诊与住院</summary>
<form method="post" action="/panel/stop-clinic"><label>今日出诊
<select name="clinicNo" required>${clinics.join('')}</select></label>
<label>原因 <input name="reason" maxlength="100"></label> <button>停诊</button></form>
<form method="post" action="/panel/admit"><label>病人序号
<input name="personNo" type="number" min="1" required></label>
<label>科室 <select name="departmentCode">${departments.join('')}</select></label> <button>办理入院</button></form>
<form method="post" action="/panel/order-discharge"><label>在院病人
<select name="stayNo" required>${stays.join('')}</select></label> <button>开出院医嘱</button></form>
</details>`
}

const HALF_DAYS = { morning: '上午', afternoon: '下午', evening: '晚上' } as const
