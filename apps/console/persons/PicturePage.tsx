import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { MaskedValue } from './MaskedValue.tsx'
import { UnlinkForm } from './UnlinkForm.tsx'
import { type Act, type PersonPicture, usePersonWords } from './words.ts'

const route = getRouteApi('/office/persons/of/$personId')

type Payment = NonNullable<PersonPicture['payments']>[number]

/** All records that are read as one person, with the charts and the money of each, and what was decided about them. */
export function PicturePage() {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  const { personId: id } = route.useParams()
  usePageTitle(t('picture.title'))
  const picture = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/person-index/persons/{id}',
    {
      params: { path: { hospitalId, id } },
    },
  )
  const { data, error, refetch } = picture
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/persons">{t('title')}</Link> <Icon name="right" />
      </p>
      <header className="page-head">
        <h1>{t('picture.title')}</h1>
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && <Records picture={data} />}
      {data && <Money picture={data} query={picture} />}
      {data && <Decided acts={data.acts} />}
    </div>
  )
}

/** A person in the picture by the number of the record: 1 is whom the others are read as. */
const placeIn = ({ records }: PersonPicture, personId: string) => records.indexOf(personId) + 1

/** Shown masked, and in full for a reason. */
const UNMASKED = ['idNumber', 'phone', 'address'] as const

function Records({ picture }: { picture: PersonPicture }) {
  const { t } = usePersonWords()
  const staff = useStaff()
  const { records, people, charts, currentPersonId } = picture
  return (
    <section className="card" aria-labelledby="records">
      <h2 id="records">{t('picture.records', { count: records.length })}</h2>
      {records.length > 1 && <p className="fine">{t('picture.linkedHint')}</p>}
      {people
        .toSorted((a, b) => placeIn(picture, a.personId) - placeIn(picture, b.personId))
        .map((person) => (
          <article key={person.personId} className="record">
            <h3>
              {t('picture.record', { no: placeIn(picture, person.personId) })} {person.name}
            </h3>
            <ul className="object-facts">
              <li>{person.birthDate}</li>
              <li>{t(`genders.${person.gender}`)}</li>
              {UNMASKED.map((field) => {
                const masked = person[field]
                return (
                  masked && (
                    <li key={field}>
                      <MaskedValue personId={person.personId} field={field} masked={masked} />
                    </li>
                  )
                )
              })}
              {charts
                .filter((chart) => chart.personId === person.personId)
                .map(({ patientNo }) => (
                  <li key={patientNo}>{t('picture.chart', { no: patientNo })}</li>
                ))}
            </ul>
            {person.personId !== currentPersonId && may(staff, 'joinPersons') && (
              <UnlinkForm picture={picture} personId={person.personId} />
            )}
          </article>
        ))}
    </section>
  )
}

type MoneyProps = {
  picture: PersonPicture
  query: { isPending: boolean; error: unknown; isFetching: boolean; refetch: () => unknown }
}

function Money({ picture, query }: MoneyProps) {
  const { t } = usePersonWords()
  const columns: Column<Payment>[] = [
    {
      key: 'payment',
      title: t('picture.payment'),
      cell: ({ paymentId, createdAt }) => (
        <Link to="/payments/$paymentId" params={{ paymentId }}>
          <Moment at={createdAt} form="exact" />
        </Link>
      ),
    },
    {
      key: 'amount',
      title: t('picture.amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
    {
      key: 'record',
      title: t('picture.with'),
      cell: ({ shownWith }) => t('picture.record', { no: placeIn(picture, shownWith) }),
    },
  ]
  return (
    <section className="card" aria-labelledby="picture-money">
      <h2 id="picture-money">{t('picture.money')}</h2>
      {picture.payments === null ? (
        <p className="notice-held">{t('picture.moneyUnknown')}</p>
      ) : (
        <DataTable
          label={t('picture.money')}
          columns={columns}
          rows={picture.payments}
          rowKey={({ paymentId }) => paymentId}
          query={query}
          empty={<Empty text={t('picture.noMoney')} />}
        />
      )}
    </section>
  )
}

function Decided({ acts }: { acts: readonly Act[] }) {
  const { t } = usePersonWords()
  return (
    <section className="card" aria-labelledby="picture-acts">
      <h2 id="picture-acts">{t('picture.acts')}</h2>
      {acts.length === 0 && <Empty text={t('picture.noActs')} />}
      <ul className="mini-list">
        {acts.map(({ id, kind, names: [name = '', survivor = ''], status, proposedAt, reason }) => (
          <li key={id}>
            <span className="two-lines">
              <span>{t(`acts.${kind}`, { name, survivor })}</span>
              <span className="fine">{reason}</span>
            </span>
            <span className="fine">
              {t(`actStatuses.${status}`)} <Moment at={proposedAt} form="exact" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
