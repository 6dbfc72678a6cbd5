import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { api } from '../api.ts'
import { Pager } from '../list/Pager.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { DepositTabs } from './DepositTabs.tsx'
import { GiveBackList } from './GiveBackList.tsx'
import { useDepositWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/deposits/give-backs')

/** What is to go back of deposits and has not, the first asked first: another person says when it has. */
export function GiveBacksPage() {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const { after } = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('tabs.giveBacks'))
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/deposit-give-backs',
    { params: { path: { hospitalId }, query: given({ after, limit: PAGE_ROWS }) } },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  return (
    <div className="page page-list bank-list benefit-page">
      <header className="page-head">
        <h1>{t('tabs.giveBacks')}</h1>
        <p className="fine on-wide-only">{t('backs.hint')}</p>
      </header>
      <DepositTabs at="giveBacks" />
      <GiveBackList rows={rows} query={list} />
      <Pager
        {...pager}
        onFirst={() => void navigate({ search: {} })}
        onNext={() => last && void navigate({ search: { after: last.id } })}
      />
    </div>
  )
}
