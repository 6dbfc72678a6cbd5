import { Link } from '@tanstack/react-router'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Facts } from '../benefits/Facts.tsx'
import { useActorName } from '../cases/words.ts'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { sumFen } from '../list/sums.ts'
import type { Allocation, Batch, BatchVersion, FeeDifference, ReceiptUse } from './model.ts'
import { useSettlementWords } from './words.ts'

const THERE = { isPending: false, error: null, isFetching: false, refetch: () => undefined }

/** The receipts a batch came by. */
export function AllocationsCard({ allocations }: { allocations: readonly Allocation[] }) {
  const { t } = useSettlementWords()
  const columns: Column<Allocation>[] = [
    {
      key: 'receipt',
      title: t('receipt.number'),
      sum: t('sum'),
      cell: ({ account, bankRef, variant }) => (
        <Link
          to="/settlement/receipts/$account/$bankRef/$variant"
          params={{ account, bankRef, variant: String(variant) }}
        >
          {bankRef}
        </Link>
      ),
    },
    ...useUseColumns(allocations),
  ]
  return (
    <section className="card" aria-labelledby="allocations-title">
      <h2 id="allocations-title">{t('batch.allocations')}</h2>
      <DataTable
        label={t('batch.allocations')}
        columns={columns}
        rows={allocations}
        rowKey={({ account, bankRef, variant, at }) => `${account} ${bankRef} ${variant} ${at}`}
        query={THERE}
        empty={<Empty text={t('batch.noAllocations')} />}
      />
    </section>
  )
}

/** The amount, and by whom or what it was found out. */
export function useUseColumns<Row extends Allocation | ReceiptUse>(
  rows: readonly Row[],
): Column<Row>[] {
  const { t } = useSettlementWords()
  const actorName = useActorName()
  return [
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, ({ amountFen }) => amountFen)} />,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
    {
      key: 'rule',
      title: t('receipt.rule'),
      cell: ({ rule, actor }) => (rule === 'person' ? actorName(actor) : t(`rules.${rule}`)),
    },
    {
      key: 'at',
      title: t('receipt.at'),
      onWideOnly: true,
      cell: ({ at }) => <Moment at={at} form="exact" />,
    },
  ]
}

type FeeCardProps = { batch: Batch; differences: readonly FeeDifference[] }

/** As billed against as agreed; where they differ, by transaction. */
export function FeeCard({ batch, differences }: FeeCardProps) {
  const { t } = useSettlementWords()
  if (batch.status === 'no_contract') return null
  const { feeFen, contractFeeFen } = batch
  return (
    <section className="card" aria-labelledby="fee-title">
      <h2 id="fee-title">{t('fee.title')}</h2>
      <Facts
        facts={[
          { name: t('fee.billed'), value: <Amount fen={feeFen} /> },
          { name: t('fee.contract'), value: <Amount fen={contractFeeFen} /> },
          { name: t('fee.difference'), value: <Amount fen={feeFen - contractFeeFen} /> },
        ]}
      />
      {feeFen === contractFeeFen && differences.length === 0 && (
        <p className="fine">{t('fee.same')}</p>
      )}
      {differences.length > 0 && <FeeDifferences differences={differences} />}
    </section>
  )
}

function FeeDifferences({ differences }: { differences: readonly FeeDifference[] }) {
  const { t } = useSettlementWords()
  const amount = (key: 'amountFen' | 'billedFen' | 'contractFen'): Column<FeeDifference> => ({
    key,
    title: t(`fee.columns.${key}`),
    isNumber: true,
    onWideOnly: key === 'amountFen',
    cell: (row) => <Amount fen={row[key]} />,
  })
  const columns: Column<FeeDifference>[] = [
    { key: 'no', title: t('fee.columns.no'), cell: ({ ourNo }) => <CopyText text={ourNo} /> },
    amount('amountFen'),
    amount('billedFen'),
    amount('contractFen'),
  ]
  return (
    <details>
      <summary>{t('fee.count', { count: differences.length })}</summary>
      <DataTable
        label={t('fee.title')}
        columns={columns}
        rows={differences}
        rowKey={({ lineNo }) => String(lineNo)}
        query={THERE}
        empty={null}
      />
    </details>
  )
}

/** Every list the batch was made of: one that came later is another version, and the one before is kept. */
export function ListsCard({ versions }: { versions: readonly BatchVersion[] }) {
  const { t } = useSettlementWords()
  return (
    <section className="card" aria-labelledby="lists-title">
      <h2 id="lists-title">{t('lists.title')}</h2>
      <ol className="versions">
        {versions.map(({ version, at, digest, chargeFen, returnFen, feeFen }) => (
          <li key={version}>
            <p>
              <strong>{t('lists.version', { version })}</strong> · <Moment at={at} form="exact" />
            </p>
            <p>
              {t('batch.charges')} <Amount fen={chargeFen} /> · {t('batch.returns')}{' '}
              <Amount fen={returnFen} /> · {t('batch.fee')} <Amount fen={feeFen} />
            </p>
            <p className="fine">
              {t('lists.digest')} <code>{digest.slice(0, 16)}</code>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
