import { assert } from '../../../../kernel/assert.ts'
import { type Call, type Centre, newNumber } from '../centre.ts'
import { findVisit } from '../visits.ts'
import { settleDue } from './pay.ts'

/** Settles the orders that were processing long enough; gives how many. */
export function runDue(centre: Centre): number {
  return centre.store.transaction(() =>
    settleDue(centre, ({ visitId }): Call => {
      const hospital = centre.hospitals.get(findVisit(centre, visitId)?.fixmedinsCode ?? '')
      assert(hospital, `visit ${visitId} is at a hospital`)
      const at = centre.clock.now()
      return {
        infno: '6202',
        msgid: newNumber(centre, at),
        insuplcAdmdvs: null,
        fixmedinsCode: hospital.insuranceCode,
        signNo: null,
        opter: 'mobile',
        opterName: '移动支付',
        input: {},
        fingerprint: '',
        hospital,
        at,
        refMsgid: '',
      }
    }),
  )
}
