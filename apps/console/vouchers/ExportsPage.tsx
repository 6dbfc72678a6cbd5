import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Download } from '../list/Download.tsx'
import { Empty } from '../list/Empty.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { VoucherExport } from './model.ts'
import { fileOf } from './use-vouchers.ts'
import { VoucherTabs } from './VoucherTabs.tsx'
import { useLayoutName, useVoucherWords } from './words.ts'

/** What was handed over, the newest first; each file again, byte by byte. */
export function ExportsPage() {
  const { t } = useVoucherWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('tabs.exports'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/exports', {
    params: { path: { hospitalId } },
  })
  return (
    <div className="page page-list bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.exports')}</h1>
        <p className="fine on-wide-only">{t('exports.hint')}</p>
      </header>
      <VoucherTabs at="exports" />
      <DataTable
        label={t('tabs.exports')}
        columns={useColumns()}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('exports.empty')} />}
      />
    </div>
  )
}

function useColumns(): Column<VoucherExport>[] {
  const { t } = useVoucherWords()
  const { hospitalId } = useStaff()
  const layoutName = useLayoutName()
  const actorName = useActorName()
  return [
    {
      key: 'file',
      title: t('exports.file'),
      cell: (made) => (
        <Download path={fileOf(hospitalId, made)}>{layoutName(made.layout)}</Download>
      ),
    },
    {
      key: 'range',
      title: t('exports.range'),
      cell: ({ from, to }) => (
        <span className="two-lines">
          <time dateTime={from}>{from}</time>
          <time dateTime={to}>{to}</time>
        </span>
      ),
    },
    {
      key: 'count',
      title: t('exports.vouchers'),
      isNumber: true,
      cell: ({ vouchers }) => vouchers,
    },
    {
      key: 'made',
      title: t('exports.made'),
      onWideOnly: true,
      cell: ({ madeBy, madeAt }) => (
        <span className="two-lines">
          {actorName(madeBy)}
          <Moment at={madeAt} form="exact" />
        </span>
      ),
    },
    {
      key: 'digest',
      title: t('exports.digest'),
      onWideOnly: true,
      cell: ({ digest }) => <code title={digest}>{digest.slice(0, 16)}</code>,
    },
  ]
}
