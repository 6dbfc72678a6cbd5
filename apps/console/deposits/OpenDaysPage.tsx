import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { api } from '../api.ts'
import { usePatientNames } from '../benefits/Patient.tsx'
import { DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useOwnerColumns } from './account-parts.tsx'
import { useDayColumns } from './DaysCard.tsx'
import { DepositTabs } from './DepositTabs.tsx'
import type { OpenDay } from './model.ts'
import { useDepositWords } from './words.ts'

const PAGE_ROWS = 50
/** Before any day of a stay. */
const FIRST_DAY = '2000-01-01'
const route = getRouteApi('/office/deposits/days')

/** Days of stays that their deposits have not paid whole: whom to ask for a top-up. */
export function OpenDaysPage() {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const { after, afterDay = FIRST_DAY } = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('days.open'))
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/deposit-open-days',
    {
      params: { path: { hospitalId }, query: { ...given({ after }), afterDay, limit: PAGE_ROWS } },
    },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const nameOf = usePatientNames(rows?.map(({ personId }) => personId))
  const owner = useOwnerColumns<OpenDay>((row) => ({ ...row, id: row.accountId }), nameOf)
  const columns = [...owner, ...useDayColumns<OpenDay>()]
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  return (
    <div className="page page-list bank-list benefit-page">
      <header className="page-head">
        <h1>{t('tabs.days')}</h1>
        <p className="fine on-wide-only">{t('days.hint')}</p>
      </header>
      <DepositTabs at="days" />
      <DataTable
        label={t('tabs.days')}
        columns={columns}
        rows={rows}
        rowKey={({ accountId, day }) => `${accountId} ${day}`}
        query={list}
        empty={<Empty text={t('days.allDrawn')} />}
      />
      <Pager
        {...pager}
        onFirst={() => void navigate({ search: {} })}
        onNext={() =>
          last && void navigate({ search: { after: last.accountId, afterDay: last.day } })
        }
      />
    </div>
  )
}
