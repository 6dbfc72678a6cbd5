import { assert } from '../../kernel/assert.ts'
import { isId } from '../../kernel/id.ts'
import { readTradeNo, tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { ChargeOrder, Move } from '../payments/index.ts'
import type { CreditDependencies } from './dependencies.ts'
import type { Draw, Reversal } from './draw.ts'
import type { DrawOrder } from './lender.ts'
import { findLine } from './line-store.ts'
import {
  type CreditVisitId,
  isLenderId,
  type LenderId,
  type LineId,
  type Scene,
  SCENES,
} from './terms.ts'

/** What a quote refers to: the lender and its line as one number, and the visit. */
export const referenceOf = (
  { lenderId, id }: { lenderId: LenderId; id: LineId },
  visitId: CreditVisitId | null,
  scene: Scene,
): string => [tradeNoOf(lenderId, id), visitId ?? 'none', scene].join('.')

export function readReference({ quoteReference }: Pick<ChargeOrder, 'quoteReference'>) {
  const [lineNo = '', visit = '', sceneName = ''] = (quoteReference ?? '').split('.')
  const line = readTradeNo(lineNo)
  const scene = SCENES.find((one) => one === sceneName)
  if (!line || !isLenderId(line.hospitalId) || !scene) return null
  const visitId = isId(visit) ? (visit as CreditVisitId) : null
  return { lenderId: line.hospitalId, lineId: line.id as LineId, visitId, scene }
}

/** The draw as the lender is asked for it: the same however often it is asked. */
export const drawOrderOf = (deps: CreditDependencies, draw: Draw): Promise<DrawOrder> =>
  inHospital(deps.db, draw.lenderId, (tx) => drawOrderIn(tx, draw))

/** As above, in a transaction of the lender's book. */
export async function drawOrderIn(tx: Tx, draw: Draw): Promise<DrawOrder> {
  const { lenderId, lineId, personId } = draw
  const line = await findLine(tx, lenderId, { id: lineId })
  assert(line, 'a draw has a line')
  return {
    drawNo: draw.drawNo,
    holder: { personId, accountNo: line.accountNo },
    productId: line.productId,
    amountFen: draw.amountFen,
    careHospitalId: draw.careHospitalId,
    scene: draw.scene,
    visitId: draw.visitId,
    description: draw.description,
    requestedAt: draw.requestedAt,
  }
}

/** The one rule for numbers: ours is the payment's, theirs is the lender's. */
export function moveOf(draw: Draw): Move {
  const { drawNo, lenderNo, drawnAt, amountFen } = draw
  assert(lenderNo !== null && drawnAt !== null, `draw ${drawNo} has happened`)
  const parts = [{ kind: 'credit' as const, amountFen }]
  return { kind: 'charge', ourNo: drawNo, providerNo: lenderNo, parts, at: drawnAt }
}

export function returnOf({ reversalNo, lenderNo, doneAt, amountFen }: Reversal): Move {
  assert(lenderNo !== null && doneAt !== null, `reversal ${reversalNo} has happened`)
  const parts = [{ kind: 'credit' as const, amountFen }]
  return { kind: 'return', ourNo: reversalNo, providerNo: lenderNo, parts, at: doneAt }
}
