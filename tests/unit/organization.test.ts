import { describe, expect, it } from 'vitest'
import {
  decideOrganization,
  evolveOrganization,
  initialOrganization,
  type OrganizationCommand,
} from '../../server/domain/organization/organization.ts'
import { slugFrom } from '../../server/members/slug.ts'

const create: OrganizationCommand = {
  type: 'create',
  name: 'Harbour Street',
  slug: 'harbour-street',
  simulated: false,
  catalogueVersion: 1,
  logOrigin: 'attestry.example.com/ledger/1',
}
const created = decideOrganization(create, initialOrganization).reduce(
  evolveOrganization,
  initialOrganization,
)

describe('an organization', () => {
  it('is created with the catalogue that judges it', () => {
    expect(decideOrganization(create, initialOrganization)).toEqual([
      {
        type: 'OrganizationCreated',
        payload: {
          name: 'Harbour Street',
          slug: 'harbour-street',
          simulated: false,
          catalogueVersion: 1,
          logOrigin: 'attestry.example.com/ledger/1',
        },
      },
      { type: 'CatalogueAdopted', payload: { version: 1 } },
    ])
  })

  it('is created once', () => {
    expect(() => decideOrganization(create, created)).toThrow('created')
  })

  it('adopts newer catalogues only', () => {
    const adopt = (version: number) => decideOrganization({ type: 'adopt_catalogue', version }, created)
    expect(adopt(2)).toEqual([{ type: 'CatalogueAdopted', payload: { version: 2 } }])
    expect(adopt(1)).toEqual([])
    expect(() =>
      decideOrganization({ type: 'adopt_catalogue', version: 1 }, { ...created, catalogueVersion: 2 }),
    ).toThrow('older')
    expect(() => decideOrganization({ type: 'adopt_catalogue', version: 1 }, initialOrganization)).toThrow(
      'unknown',
    )
  })
})

describe('a slug', () => {
  it.each([
    ['Harbour Street, Inc.', 'harbour-street-inc'],
    ['  Æther & Söhne GmbH ', 'ther-sohne-gmbh'],
    ['Straße 7', 'strasse-7'],
    ['東京', 'organization'],
    ['a'.repeat(80), 'a'.repeat(40)],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('of %j is %j', (name, slug) => {
    expect(slugFrom(name)).toBe(slug)
  })
})
