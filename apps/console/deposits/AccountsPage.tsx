import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'

import { api } from '../api.ts'
import type { Patient } from '../benefits/model.ts'
import { PatientFinder, usePatientNames } from '../benefits/Patient.tsx'
import { DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given, oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useAccountColumns } from './account-parts.tsx'
import { DepositTabs } from './DepositTabs.tsx'
import { ACCOUNT_STATUSES } from './model.ts'
import { type AccountsSearch, stayNoOf } from './search.ts'
import { useDepositWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/deposits')

/** Deposits for stays and what is left of prepayments, the newest first: by state, by stay, or of one person. */
export function AccountsPage() {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const [patient, setPatient] = useState<Patient | null>(null)
  usePageTitle(t('accounts.title'))
  const { status, low, stayNo, before } = search
  const query = {
    ...given({ status, stayNo, before, personId: patient?.personId }),
    onlyOutpatientLeft: false,
    onlyLow: low === true,
    limit: PAGE_ROWS,
  }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/deposits',
    { params: { path: { hospitalId }, query } },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const nameOf = usePatientNames(rows?.map(({ personId }) => personId))
  const show = (next: AccountsSearch) => void navigate({ search: next })
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  const rest = given({ status, low, stayNo })
  const isFiltered = status !== undefined || low || stayNo !== undefined
  return (
    <div className="page page-list bank-list benefit-page">
      <header className="page-head">
        <h1>{t('accounts.title')}</h1>
      </header>
      <DepositTabs at="accounts" />
      <PatientFinder
        patient={patient}
        onFound={(found) => {
          setPatient(found)
          show(rest)
        }}
      />
      <Filters search={rest} onShow={show} />
      <DataTable
        label={t('accounts.title')}
        columns={useAccountColumns(nameOf)}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ isLow }) => isLow}
        empty={
          <Empty text={t('accounts.empty')} onClear={isFiltered ? () => show({}) : undefined} />
        }
      />
      <Pager
        {...pager}
        onFirst={() => show(rest)}
        onNext={() => last && show({ ...rest, before: last.id })}
      />
    </div>
  )
}

type FiltersProps = { search: AccountsSearch; onShow: (next: AccountsSearch) => void }

function Filters({ search, onShow }: FiltersProps) {
  const { t } = useDepositWords()
  const { status, low, stayNo } = search
  const chosen = low ? 'low' : (status ?? 'all')
  return (
    <div className="filters" role="group" aria-label={t('console:filters.label')}>
      <Segmented
        aria-label={t('status')}
        value={chosen}
        options={(['all', 'open', 'low', 'closed'] as const).map((value) => ({
          value,
          label: t(`statuses.${value}`),
        }))}
        onChange={(value) =>
          onShow(
            given({
              stayNo,
              status: oneOf(ACCOUNT_STATUSES, value),
              low: value === 'low' ? (true as const) : undefined,
            }),
          )
        }
      />
      <StayFilter
        key={stayNo ?? ''}
        stayNo={stayNo}
        onFind={(found) => onShow(given({ status, low, stayNo: found }))}
      />
    </div>
  )
}

type StayFilterProps = { stayNo: string | undefined; onFind: (stayNo: string | undefined) => void }

function StayFilter({ stayNo, onFind }: StayFilterProps) {
  const { t } = useDepositWords()
  const [typed, setTyped] = useState(stayNo ?? '')
  const find = (event: FormEvent) => {
    event.preventDefault()
    onFind(stayNoOf(typed))
  }
  return (
    <form className="bill-filter bank-find" onSubmit={find}>
      <input
        value={typed}
        maxLength={40}
        aria-label={t('accounts.byStay')}
        placeholder={t('accounts.byStay')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button htmlType="submit" size="small">
        {t('find')}
      </Button>
    </form>
  )
}
