import { addFen, type Fen, fen, minFen, shareFen, subtractFen } from '../../../kernel/money.ts'
import type { Figures, LineFigures } from '../figures.ts'
import type { DetailLine } from '../insurance-centre.ts'

// A policy for tests: class C is one's own expense, one tenth of class B is the first share, of the
// rest a deductible of 100.00 and then 30 % are the person's. The account pays what it can.

const DEDUCTIBLE = fen(10_000)
const POOL_PPM = 700_000
const FIRST_SHARE_PPM = 100_000

/** By the first letter of the hospital's own code. */
export function splitOf({ ownCode, amountFen }: DetailLine): LineFigures {
  const none = { amountFen, ownFen: fen(0), overLimitFen: fen(0), firstShareFen: fen(0) }
  if (ownCode.startsWith('C')) {
    return { ...none, ownFen: amountFen, inScopeFen: fen(0), level: 'C' }
  }
  if (!ownCode.startsWith('B')) return { ...none, inScopeFen: amountFen, level: 'A' }
  const firstShareFen = shareFen(amountFen, FIRST_SHARE_PPM)
  return { ...none, firstShareFen, inScopeFen: subtractFen(amountFen, firstShareFen), level: 'B' }
}

export function figuresUnder(
  lines: readonly DetailLine[],
  { accountFen, hospitalFen }: { accountFen: Fen; hospitalFen: Fen },
): Figures {
  const splits = lines.map(splitOf)
  const sum = (pick: (line: LineFigures) => Fen) => addFen(...splits.map(pick))
  const totalFen = sum((line) => line.amountFen)
  const inScopeFen = sum((line) => line.inScopeFen)
  const deductibleFen = minFen(DEDUCTIBLE, inScopeFen)
  const fundFen = shareFen(subtractFen(inScopeFen, deductibleFen), POOL_PPM)
  const personalFen = subtractFen(totalFen, addFen(fundFen, hospitalFen))
  const usedFen = minFen(accountFen, personalFen)
  return {
    totalFen,
    ownFen: sum((line) => line.ownFen),
    overLimitFen: fen(0),
    firstShareFen: sum((line) => line.firstShareFen),
    inScopeFen,
    deductibleFen,
    poolRatioBp: POOL_PPM / 100,
    basicFundFen: fundFen,
    supplementFundFen: fen(0),
    aidFundFen: fen(0),
    otherFundFen: fen(0),
    fundFen,
    personalFen,
    accountFen: usedFen,
    sharedAccountFen: fen(0),
    cashFen: subtractFen(personalFen, usedFen),
    hospitalFen,
    balanceFen: subtractFen(accountFen, usedFen),
  }
}
