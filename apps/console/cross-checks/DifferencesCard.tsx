import { Link, useNavigate } from '@tanstack/react-router'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { ExportButton } from '../list/ExportButton.tsx'
import { Pager } from '../list/Pager.tsx'
import { sumFen } from '../list/sums.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { csvCellsOf, CSV_HEADS, type CsvRow, csvRowsOf } from './csv.ts'
import { DifferenceDetail } from './DifferenceDetail.tsx'
import type { Difference, Plan, Run } from './model.ts'
import { oddSides, sidesOf } from './side-by-side.ts'
import { DIFFERENCES_A_PAGE, everyDifference, useDifferences } from './use-cross-checks.ts'
import { useCrossCheckWords, useRuleName, useSideName } from './words.ts'

type Place = { name: string; date: BusinessDate }

type DifferencesCardProps = {
  of: Place
  runId: string
  plan: Plan | undefined
  chosen: Run['classes'][number]
  open: number | undefined
  after: number | undefined
}

/** The differences of one class: what each side has beside the others; each opens with all its rows. */
export function DifferencesCard(props: DifferencesCardProps) {
  const { of, runId, plan, chosen, open, after } = props
  const { t } = useCrossCheckWords()
  const navigate = useNavigate()
  const list = useDifferences(runId, { class: chosen.class, after })
  const rows = list.data?.items
  const opened = rows?.find(({ no }) => no === open)
  const search = { plan: of.name, date: of.date, class: chosen.class }
  const show = (more: { after?: number }) =>
    void navigate({ to: '/cross-checks/run', search: { ...search, ...more }, hash: 'differences' })
  return (
    <section className="card list" id="differences" aria-labelledby="differences-title">
      <div className="card-head">
        <h2 id="differences-title">
          {t('differences.list', { class: t(`classes.${chosen.class}.name`) })}
        </h2>
        <Export of={of} runId={runId} plan={plan} chosen={chosen} />
      </div>
      {opened && (
        <DifferenceDetail
          key={opened.no}
          difference={opened}
          plan={plan}
          onClose={() => show(after === undefined ? {} : { after })}
        />
      )}
      <DataTable
        label={t('differences.title')}
        columns={useColumns(rows ?? [], plan, { ...search, ...(after ? { after } : {}) })}
        rows={rows}
        rowKey={({ no }) => String(no)}
        query={list}
        isMarked={({ no }) => no === open}
        empty={<Empty text={t('differences.none')} />}
      />
      {(after !== undefined || chosen.count > DIFFERENCES_A_PAGE) && (
        <Pager
          shown={rows?.length}
          hasMore={rows?.length === DIFFERENCES_A_PAGE}
          isFirst={after === undefined}
          onFirst={() => show({})}
          onNext={() => show({ after: rows?.at(-1)?.no ?? 0 })}
        />
      )}
    </section>
  )
}

type RunLink = { plan: string; date: BusinessDate; class: Difference['class']; after?: number }

function useColumns(
  rows: readonly Difference[],
  plan: Plan | undefined,
  search: RunLink,
): Column<Difference>[] {
  const { t } = useCrossCheckWords()
  const sideName = useSideName(plan)
  const ruleName = useRuleName(plan)
  return [
    {
      key: 'key',
      title: t('differences.key'),
      cell: ({ no, key, kind }) => (
        <span className="two-lines">
          <Link
            to="/cross-checks/run"
            search={{ ...search, no }}
            hash="differences"
            resetScroll={false}
            title={t('differences.open', { no })}
          >
            {key === null ? t('differences.noKey') : <code>{key}</code>}
          </Link>
          <span className="fine">{t(`kinds.${kind}`)}</span>
        </span>
      ),
      sum: t('console:sum.page', { count: rows.length }),
    },
    ...sidesOf(rows, plan).map((side): Column<Difference> => ({
      key: `side ${side}`,
      title: sideName(side),
      isNumber: true,
      cell: (row) => <SideCell difference={row} side={side} />,
      sum: '',
    })),
    {
      key: 'stake',
      title: t('differences.atStake'),
      isNumber: true,
      cell: ({ atStakeFen }) => <Amount fen={atStakeFen} />,
      sum: <Amount fen={sumFen(rows, ({ atStakeFen }) => atStakeFen)} />,
    },
    {
      key: 'rule',
      title: t('differences.rule'),
      onWideOnly: true,
      cell: (row) => ruleName(row),
      sum: '',
    },
  ]
}

function SideCell({ difference, side }: { difference: Difference; side: string }) {
  const { t } = useCrossCheckWords()
  const figure = difference.sides.find((each) => each.side === side)
  if (!figure) return <span className="fine">—</span>
  const text =
    figure.lines === 0 ? (
      <span>{t('differences.lacking')}</span>
    ) : (
      <>
        <Amount fen={figure.amountFen} />
        {figure.lines > 1 && ` ×${figure.lines}`}
      </>
    )
  if (!oddSides(difference).has(side)) return text
  return (
    <span className="odd">
      <Icon name="alert" />
      <span className="visually-hidden">{t('differences.odd')} </span>
      {text}
    </span>
  )
}

type ExportProps = Pick<DifferencesCardProps, 'of' | 'runId' | 'plan' | 'chosen'>

/** A line for each row of each side, so that a spreadsheet can be sorted by either. */
function Export({ of, runId, plan, chosen }: ExportProps) {
  const { t } = useCrossCheckWords()
  const { hospitalId } = useStaff()
  const sideName = useSideName(plan)
  const ruleName = useRuleName(plan)
  const words = {
    className: t(`classes.${chosen.class}.name`),
    kindName: (kind: string) => t(`kinds.${kind}`),
    sideName,
    ruleName,
    lacking: t('differences.lacking'),
  }
  const rows = (most: number, onLimit: () => void): AsyncIterable<CsvRow> =>
    csvRowsOf(everyDifference({ hospitalId, runId, class: chosen.class }, most, onLimit), plan)
  return (
    <ExportButton
      fileName={`${t('differences.file', of)}-${chosen.class}.csv`}
      heads={CSV_HEADS.map((head) => t(head))}
      cellsOf={(row) => csvCellsOf(row, words)}
      rows={rows}
    />
  )
}
