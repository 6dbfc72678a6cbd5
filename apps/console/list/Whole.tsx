import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { failureText, readFailure } from '../../web/problem.ts'
import { Icon } from '../shell/Icon.tsx'

const MOST_ROWS = 100_000

export type Sum = { count: number; amountFen: number }

/** `count` null: the figure counts something other than rows, and only its amount is compared. */
export type FigureOfRows = { count: number | null; amountFen: number }

type WholeProps<Row> = {
  /** Whether the rows of the page are there. */
  isReady: boolean
  /** The sum over the rows of this page, when it is the only one; null when there are more. */
  known: Sum | null
  /** What the finance day says of the same rows, where it has a figure for them. */
  figure: FigureOfRows | null
  amountOf: (row: Row) => number
  rows: (most: number, onLimit: () => void) => AsyncIterable<Row>
}

/**
 * The sum over all rows of a filter, on as many pages as they stand, held against the figure that led here: both are
 * shown, so that nobody has to believe either.
 */
export function Whole<Row>({ isReady, known, figure, amountOf, rows }: WholeProps<Row>) {
  const { t, i18n } = useTranslation()
  const [added, setAdded] = useState<Sum | null>(null)
  const [isAdding, setAdding] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const add = async () => {
    setAdding(true)
    setFault(null)
    try {
      const sum = { count: 0, amountFen: 0 }
      for await (const row of rows(MOST_ROWS, () =>
        setFault(t('export.cut', { most: MOST_ROWS })),
      )) {
        sum.count += 1
        sum.amountFen += amountOf(row)
      }
      setAdded(sum)
    } catch (error) {
      setFault(failureText(i18n, readFailure(error)))
    } finally {
      setAdding(false)
    }
  }
  const sum = known ?? added
  if (!isReady) return <p className="whole" />
  return (
    <p className="whole" role="status">
      {sum && (
        <span>
          {t('sum.rows', { count: sum.count })} <Amount fen={sum.amountFen} />
        </span>
      )}
      {!sum && (
        <Button size="small" loading={isAdding} onClick={() => void add()}>
          {t('sum.add')}
        </Button>
      )}
      {figure && (
        <span>
          {figure.count === null ? t('sum.figureOnly') : t('sum.figure', { count: figure.count })}{' '}
          <Amount fen={figure.amountFen} />
        </span>
      )}
      {sum && figure && <Verdict isSame={isSame(sum, figure)} />}
      {fault && <span role="alert">{fault}</span>}
    </p>
  )
}

function Verdict({ isSame: same }: { isSame: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={`chip chip-${same ? 'good' : 'held'}`}>
      <Icon name={same ? 'check' : 'alert'} />
      {t(same ? 'sum.same' : 'sum.moving')}
    </span>
  )
}

const isSame = (sum: Sum, figure: FigureOfRows) =>
  sum.amountFen === figure.amountFen && (figure.count === null || sum.count === figure.count)
