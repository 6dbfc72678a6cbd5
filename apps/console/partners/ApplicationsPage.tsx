import { getRouteApi, Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AdmitDialog } from './AdmitDialog.tsx'
import { ApplicationChip } from './ApplicationChip.tsx'
import type { Application } from './model.ts'
import { PartnerTabs } from './PartnerTabs.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'

const PAGE_ROWS = 50
const REFRESH_MS = 20_000
const route = getRouteApi('/office/partners')

/** The software of banks, vendors and insurers that uses the interface at this hospital. */
export function ApplicationsPage() {
  const { t } = useTranslation()
  const staff = useStaff()
  const { before } = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<'register' | 'admit' | null>(null)
  usePageTitle(t('menu.partners'))
  const { hospitalId } = staff
  const query = { limit: PAGE_ROWS, ...(before === undefined ? {} : { before }) }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications',
    { params: { path: { hospitalId }, query } },
    { refetchInterval: REFRESH_MS },
  )
  const rows = list.data?.items
  const last = rows?.at(-1)
  return (
    <div className="page page-list">
      <header className="page-head partner-head">
        <h1>{t('menu.partners')}</h1>
        {may(staff, 'keepPartners') ? (
          <>
            <Button onClick={() => setOpen('admit')}>{t('partners.admit.open')}</Button>
            <Button type="primary" onClick={() => setOpen('register')}>
              {t('partners.register.open')}
            </Button>
          </>
        ) : (
          <p className="fine">{t('partners.readOnly')}</p>
        )}
      </header>
      <PartnerTabs at="applications" />
      <DataTable
        label={t('partners.tabs.applications')}
        columns={useColumns()}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('partners.none')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={before === undefined}
        onFirst={() => void navigate({ search: {} })}
        onNext={() => last && void navigate({ search: { before: last.id } })}
      />
      <RegisterDialog isOpen={open === 'register'} onClose={() => setOpen(null)} />
      <AdmitDialog isOpen={open === 'admit'} onClose={() => setOpen(null)} />
    </div>
  )
}

function useColumns(): Column<Application>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'name',
      title: t('partners.name'),
      cell: ({ id, name }) => (
        <Link to="/partners/$applicationId" params={{ applicationId: id }}>
          <span className="partner-line">{name}</span>
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      cell: (application) => <ApplicationChip application={application} />,
    },
    { key: 'kind', title: t('partners.kind'), cell: ({ kind }) => t(`partners.kinds.${kind}`) },
    {
      key: 'clientId',
      title: t('partners.clientId'),
      cell: ({ clientId }) => <CopyText text={clientId} />,
    },
    {
      key: 'scopes',
      title: t('partners.scopesHere'),
      isNumber: true,
      cell: ({ scopes }) => scopes.length,
    },
    {
      key: 'createdAt',
      title: t('partners.createdAt'),
      onWideOnly: true,
      cell: ({ createdAt }) => <Moment at={createdAt} form="exact" />,
    },
    {
      key: 'requests',
      title: t('partners.tabs.requests'),
      cell: ({ id, name }) => (
        <Link
          to="/partners/requests"
          search={{ applicationId: id }}
          aria-label={t('partners.requestsOf', { name })}
        >
          {t('partners.look')}
        </Link>
      ),
    },
  ]
}
