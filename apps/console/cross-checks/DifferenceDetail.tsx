import { Button } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Icon } from '../shell/Icon.tsx'
import type { Difference, Plan, Row } from './model.ts'
import {
  columnsOf,
  comparedSides,
  type Field,
  FIELDS,
  oddOf,
  oddSides,
  type SideColumn,
} from './side-by-side.ts'
import { useCrossCheckWords, useRuleName, useSideName } from './words.ts'

type DetailProps = { difference: Difference; plan: Plan | undefined; onClose?: () => void }

/** All rows of a difference, side by side with what differs marked; by which rule, and what stood against a match. */
export function DifferenceDetail({ difference, plan, onClose }: DetailProps) {
  const { t } = useCrossCheckWords()
  const ruleName = useRuleName(plan)
  const { no, class: cls, kind, key, rule, relation, because, near, repair } = difference
  const heading = useRef<HTMLHeadingElement>(null)
  const isOpened = onClose !== undefined
  useEffect(() => {
    // Whoever opened it is led to it; what stands there when the page comes is not jumped to.
    if (isOpened) heading.current?.focus()
  }, [isOpened])
  return (
    <article className="check-detail" aria-labelledby={`difference-${no}`}>
      <div className="card-head">
        <h3 id={`difference-${no}`} ref={heading} tabIndex={-1}>
          {t(`classes.${cls}.name`)} · {t(`kinds.${kind}`)} ·{' '}
          {key === null ? t('differences.noKey') : <CopyText text={key} />}{' '}
          <Amount fen={difference.atStakeFen} />
        </h3>
        {onClose && (
          <Button size="small" icon={<Icon name="cross" />} onClick={onClose}>
            {t('differences.close')}
          </Button>
        )}
      </div>
      <RowsTable
        label={t('differences.sideBySide')}
        columns={columnsOf(difference, plan)}
        plan={plan}
        relation={relation}
        lacking={oddSides(difference)}
      />
      <dl className="bank-facts">
        <Fact name={t('differences.rule')} value={ruleName({ relation, rule })} />
        <Fact name={t('run.cause')} value={t(`classes.${cls}.cause`)} />
        <Fact name={t('run.stake')} value={t(`classes.${cls}.stake`)} />
        <Fact name={t('run.repair')} value={t(`repairs.${repair}`)} />
      </dl>
      {because && (
        <>
          <h4>{t('differences.near')}</h4>
          <p className="notice-held">{t(`differences.because.${because}`)}</p>
          <RowsTable
            label={t('differences.near')}
            columns={near.map((row, i) => ({ side: row.side, no: i + 1, row }))}
            plan={plan}
            relation={relation}
            lacking={NONE}
          />
        </>
      )}
      {difference.rows.length >= MOST_ROWS && <p className="fine">{t('differences.first')}</p>}
    </article>
  )
}

/** As many as the hub keeps of a difference. */
const MOST_ROWS = 20
const NONE: ReadonlySet<string> = new Set()

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

type RowsTableProps = {
  label: string
  columns: readonly SideColumn[]
  plan: Plan | undefined
  relation: string
  lacking: ReadonlySet<string>
}

function RowsTable({ label, columns, plan, relation, lacking }: RowsTableProps) {
  const { t } = useCrossCheckWords()
  const sideName = useSideName(plan)
  const isSaid = (field: Field) => columns.some(({ row }) => row !== null && row[field] !== null)
  const fields = (Object.keys(FIELDS) as Field[]).filter(isSaid)
  const several = (side: string) => columns.filter((each) => each.side === side).length > 1
  return (
    <div className="table-frame rows-beside">
      <table className="data-table">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('differences.item')}</th>
            {columns.map(({ side, no, row }) => (
              <th key={`${side} ${no}`} scope="col">
                {sideName(side)}
                {several(side) && ` (${no})`}
                <LineNo row={row} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => {
            const odd = oddOf(columns, field, comparedSides(plan, relation, field))
            return (
              <tr key={field}>
                <th scope="row">{t(`columns.${FIELDS[field]}`)}</th>
                {columns.map((column) => (
                  <td key={`${column.side} ${column.no}`}>
                    <Cell
                      column={column}
                      field={field}
                      isOdd={odd.has(column)}
                      isLacking={lacking.has(column.side) && field === 'amountFen'}
                    />
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function LineNo({ row }: { row: Row | null }) {
  const { t } = useCrossCheckWords()
  if (row === null) return null
  return (
    <span className="fine line-no">
      {t('differences.lineNo')} {row.lineNo}
      {row.lines > 1 && ` ${t('differences.folded', { count: row.lines })}`}
    </span>
  )
}

type CellProps = { column: SideColumn; field: Field; isOdd: boolean; isLacking: boolean }

function Cell({ column: { row }, field, isOdd, isLacking }: CellProps) {
  const { t } = useCrossCheckWords()
  if (row === null) return isLacking ? <Odd>{t('differences.lacking')}</Odd> : <span>—</span>
  const value = row[field]
  const text =
    value === null ? (
      <span>—</span>
    ) : typeof value === 'number' ? (
      <Amount fen={value} />
    ) : field === 'occurredAt' || field === 'businessDate' ? (
      <time>{value.replace('T', ' ').replace('+08:00', '')}</time>
    ) : field === 'memo' ? (
      value
    ) : (
      <code>{value}</code>
    )
  return isOdd ? <Odd>{text}</Odd> : text
}

function Odd({ children }: { children: ReactNode }) {
  const { t } = useCrossCheckWords()
  return (
    <span className="odd">
      <Icon name="alert" />
      <span className="visually-hidden">{t('differences.odd')} </span>
      {children}
    </span>
  )
}
