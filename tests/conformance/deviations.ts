import type { Fixtures } from '../../modules/hospitals/index.ts'

// Where a shipped product is older than the standard interface, with the reason, as a vendor declares it in its fixtures.

export const NO_KEYS = '产品按业务内容判重，不区分同键异文'
export const NO_DETAIL = '产品的应答码不带明细'
export const NUMBERS = '产品按支付单退费，不核对账单号'
const RANGE = '产品的号源是时段，一段可挂多人'

export const GUANGZHOU_DEVIATIONS: NonNullable<Fixtures['deviations']> = [
  ...['patients.create', 'slots.lock', 'bills.writeBack', 'appointments.register'].map(
    (operation) => ({ check: `${operation}.different`, reason: NO_KEYS }),
  ),
  ...[
    'appointments.register.answer',
    'appointments.register.taken',
    'slots.lock.answer',
    'slots.lock.one-winner',
    'slots.lock.registered',
  ].map((check) => ({ check, reason: RANGE })),
  { check: 'bills.writeBack.changed', reason: NO_DETAIL },
  { check: 'refunds.approve.dispensed', reason: NO_DETAIL },
  { check: 'refunds.approve.unknown', reason: NUMBERS },
  { check: 'bills.voidWriteBack.answer', reason: '产品以退费代替冲正，账单不再待缴' },
  { check: 'bills.voidWriteBack.payable-again', reason: '产品以退费代替冲正，账单不再待缴' },
  { check: 'reconciliation.dayList.tenders', reason: '对账文件只有一种支付方式' },
]
