import type { ConditionalAccessPolicyItem } from '../../server/domain/evidence/items.ts'
import type { ExceptionSubject } from '../../server/domain/exception/subject.ts'
import { grant, objectId, type PolicyChanges, policy, strength } from './control-facts.ts'

type Policy = ConditionalAccessPolicyItem

/** A set of policies as a tenant may have it, what a reviewer says of it, and what the verdict names. */
export type PolicySet = readonly [
  sentence: string,
  policies: Policy[],
  verdict: 'pass' | 'fail' | 'no_data',
  named?: string[],
  exceptions?: ExceptionSubject[],
]

const [breakGlass, otherUser, app, otherApp] = [objectId(1), objectId(2), objectId(11), objectId(12)]
const second = (changes: PolicyChanges = {}) => policy({ id: 'p2', ...changes })
const guests = (types: string[], allTenants = true) => ({ types, allTenants })
const guestsOf = (types: string[], ...tenants: string[]) => ({ types, allTenants: false, tenants })
const blocking = grant({ builtInControls: ['block'] })
const openly = ['second_factor_not_demanded']
const unknown = ['policy_condition_unknown']
const everyGuest = guests([
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
])
const everywhereBut = (...exclude: string[]) => ({ locations: { include: ['All'], exclude } })
const onlyIn = (...include: string[]) => ({ locations: { include, exclude: [] } })
const onGroup = (group: string) => ({ includeUsers: [], includeGroups: [group] })
const excepted = (kind: ExceptionSubject['kind'], id: string): ExceptionSubject => ({ kind, id })

/** Security defaults are off in all of them. */
export const policySets: readonly PolicySet[] = [
  ['MFA of all users on all apps passes', [policy()], 'pass'],
  [
    'an authentication strength that needs MFA passes',
    [policy({ grant: grant({ authenticationStrength: strength('mfa') }) })],
    'pass',
  ],
  [
    'MFA and a compliant device passes',
    [policy({ grant: grant({ operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] }) })],
    'pass',
  ],
  [
    'MFA or an MFA strength passes',
    [policy({ grant: grant({ builtInControls: ['mfa'], authenticationStrength: strength('mfa') }) })],
    'pass',
  ],
  [
    'a strength told by its combinations alone passes',
    [policy({ grant: grant({ authenticationStrength: strength(null, ['fido2', 'password,sms']) }) })],
    'pass',
  ],
  [
    'browsers in one policy and apps in another pass together',
    [
      policy({ conditions: { clientAppTypes: ['browser'] } }),
      second({ conditions: { clientAppTypes: ['mobileAppsAndDesktopClients'] } }),
    ],
    'pass',
  ],
  [
    'browsers and modern clients without legacy ones pass',
    [policy({ conditions: { clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'] } })],
    'pass',
  ],
  ['a policy with session controls beside a full one passes', [policy(), second({ grant: null })], 'pass'],
  [
    'a report-only policy beside a full one changes nothing',
    [policy(), second({ state: 'enabledForReportingButNotEnforced', users: { excludeUsers: [breakGlass] } })],
    'pass',
  ],

  ['no policy at all fails', [], 'fail', openly],
  [
    'a report-only policy does not count',
    [policy({ state: 'enabledForReportingButNotEnforced' })],
    'fail',
    openly,
  ],
  ['a disabled policy does not count', [policy({ state: 'disabled' })], 'fail', openly],
  [
    'MFA or a compliant device is weaker',
    [policy({ grant: grant({ builtInControls: ['compliantDevice', 'mfa'] }) })],
    'fail',
    openly,
  ],
  [
    'MFA or terms of use is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa'], termsOfUse: ['terms'] }) })],
    'fail',
    openly,
  ],
  [
    'MFA or a custom control is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa'], customAuthenticationFactors: ['Duo'] }) })],
    'fail',
    openly,
  ],
  [
    'MFA or a single-factor strength is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa'], authenticationStrength: strength('none') }) })],
    'fail',
    openly,
  ],
  [
    'a strength that lists a single factor is weaker',
    [policy({ grant: grant({ authenticationStrength: strength('mfa', ['fido2', 'password']) }) })],
    'fail',
    openly,
  ],
  [
    'a compliant device alone is no second factor',
    [policy({ grant: grant({ builtInControls: ['compliantDevice'] }) })],
    'fail',
    openly,
  ],
  ['session controls alone are no second factor', [policy({ grant: null })], 'fail', openly],
  ['a block of everything demands nothing', [policy({ grant: blocking })], 'fail', openly],
  [
    'MFA of one group only fails',
    [policy({ users: { includeUsers: [], includeGroups: ['g1'] } })],
    'fail',
    openly,
  ],
  [
    'MFA of guests and of administrators leaves members open',
    [
      policy({ users: { includeUsers: ['GuestsOrExternalUsers'] } }),
      second({ users: { includeUsers: [], includeRoles: ['r1'] } }),
    ],
    'fail',
    openly,
  ],
  ['MFA of nobody fails', [policy({ users: { includeUsers: ['None'] } })], 'fail', openly],
  [
    'MFA on Office 365 only fails',
    [policy({ apps: { includeApplications: ['Office365'] } })],
    'fail',
    openly,
  ],
  [
    'MFA on apps picked by attribute fails',
    [policy({ apps: { includeApplications: [], filter: { mode: 'include', rule: 'x' } } })],
    'fail',
    openly,
  ],
  [
    'a policy for browsers only leaves apps open',
    [policy({ conditions: { clientAppTypes: ['browser'] } })],
    'fail',
    openly,
  ],
  [
    'a policy on some platforms only fails',
    [policy({ conditions: { platforms: { include: ['android', 'iOS'], exclude: [] } } })],
    'fail',
    openly,
  ],
  [
    'a policy for every platform by name leaves unknown ones open',
    [
      policy({
        conditions: {
          platforms: {
            include: ['android', 'iOS', 'linux', 'macOS', 'windows', 'windowsPhone'],
            exclude: [],
          },
        },
      }),
    ],
    'fail',
    openly,
  ],
  [
    'a policy for one location only fails',
    [policy({ conditions: { locations: { include: ['l1'], exclude: [] } } })],
    'fail',
    openly,
  ],
  [
    'a policy for filtered devices only fails',
    [policy({ conditions: { devices: { mode: 'include', rule: 'r' } } })],
    'fail',
    openly,
  ],
  [
    'a policy at sign-in risk only fails',
    [policy({ conditions: { signInRiskLevels: ['high', 'medium'] } })],
    'fail',
    openly,
  ],
  [
    'a policy at user risk only fails',
    [policy({ conditions: { userRiskLevels: ['high'] } })],
    'fail',
    openly,
  ],
  [
    'a policy at insider risk only fails',
    [policy({ conditions: { insiderRiskLevels: ['elevated'] } })],
    'fail',
    openly,
  ],
  [
    'a policy for device code flow and transfer is about these alone',
    [policy({ conditions: { other: ['authenticationFlows'] } })],
    'fail',
    openly,
  ],
  [
    'a policy for workload identities is not about people',
    [policy({ conditions: { forWorkloadIdentities: true } })],
    'fail',
    openly,
  ],
  [
    'a policy for a user action is not about apps',
    [policy({ apps: { includeApplications: [], includeUserActions: ['urn:user:registersecurityinfo'] } })],
    'fail',
    openly,
  ],
  [
    'a policy for an authentication context is not about apps',
    [policy({ apps: { includeApplications: [], includeAuthenticationContextClassReferences: ['c1'] } })],
    'fail',
    openly,
  ],

  [
    'an excluded user fails by name',
    [policy({ users: { excludeUsers: [breakGlass] } })],
    'fail',
    [`user:${breakGlass}`],
  ],
  ['an excluded group fails by name', [policy({ users: { excludeGroups: ['g1'] } })], 'fail', ['group:g1']],
  ['an excluded role fails by name', [policy({ users: { excludeRoles: ['r1'] } })], 'fail', ['role:r1']],
  [
    'an excluded guest type fails by name',
    [policy({ users: { excludeGuestsOrExternalUsers: guests(['serviceProvider']) } })],
    'fail',
    ['guest_type:serviceprovider'],
  ],
  [
    'guests of some organizations excluded fail by type',
    [policy({ users: { excludeGuestsOrExternalUsers: guests(['b2bCollaborationGuest'], false) } })],
    'fail',
    ['guest_type:b2bcollaborationguest'],
  ],
  [
    'guests of a named organization excluded fail by type and organization',
    [policy({ users: { excludeGuestsOrExternalUsers: guestsOf(['b2bCollaborationGuest'], 't1', 't2') } })],
    'fail',
    ['guest_type:b2bcollaborationguest@t1', 'guest_type:b2bcollaborationguest@t2'],
  ],
  [
    'guests of a named organization excluded here and included there pass',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't1') } }),
      second({
        users: { includeUsers: [], includeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't1', 't2') },
      }),
    ],
    'pass',
  ],
  [
    'guests of a named organization excluded here and guests of the type included there pass',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't1') } }),
      second({ users: { includeUsers: [], includeGuestsOrExternalUsers: guests(['serviceProvider']) } }),
    ],
    'pass',
  ],
  [
    'guests of one organization are not covered by a policy for those of another',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't1') } }),
      second({
        users: { includeUsers: [], includeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't2') },
      }),
    ],
    'fail',
    ['guest_type:serviceprovider@t1'],
  ],
  [
    'all guests of a type are not covered by a policy for those of named organizations',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guests(['serviceProvider']) } }),
      second({
        users: { includeUsers: [], includeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't1') },
      }),
    ],
    'fail',
    ['guest_type:serviceprovider'],
  ],
  [
    'guests of a type included but for one organization leave that one open',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guests(['serviceProvider']) } }),
      second({
        users: {
          includeUsers: [],
          includeGuestsOrExternalUsers: guests(['serviceProvider']),
          excludeGuestsOrExternalUsers: guestsOf(['serviceProvider'], 't1'),
        },
      }),
    ],
    'fail',
    ['guest_type:serviceprovider@t1'],
  ],
  [
    'internal guests are of no organization: naming some covers none and excludes all',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guestsOf(['internalGuest'], 't1') } }),
      second({
        users: { includeUsers: [], includeGuestsOrExternalUsers: guestsOf(['internalGuest'], 't1') },
      }),
    ],
    'fail',
    ['guest_type:internalguest'],
  ],
  [
    'guests of an organization are excepted by their type, and by type and organization',
    [
      policy({
        users: { excludeGuestsOrExternalUsers: guestsOf(['serviceProvider', 'otherExternalUser'], 't1') },
      }),
    ],
    'pass',
    [],
    [excepted('guest_type', 'serviceprovider'), excepted('guest_type', 'otherexternaluser@t1')],
  ],
  [
    'an excluded app fails by name',
    [policy({ apps: { excludeApplications: [app] } })],
    'fail',
    [`app:${app}`],
  ],
  [
    'apps excluded by attribute fail by rule',
    [policy({ apps: { filter: { mode: 'exclude', rule: 'Tag -eq "x"' } } })],
    'fail',
    ['app_filter:Tag -eq "x"'],
  ],
  [
    'an excluded platform fails by name',
    [policy({ conditions: { platforms: { include: ['all'], exclude: ['iOS'] } } })],
    'fail',
    ['platform:ios'],
  ],
  [
    'trusted locations excluded fail by name',
    [policy({ conditions: { locations: { include: ['All'], exclude: ['AllTrusted'] } } })],
    'fail',
    ['location:alltrusted'],
  ],
  [
    'excluded devices fail by rule',
    [policy({ conditions: { devices: { mode: 'exclude', rule: 'device.isCompliant -eq True' } } })],
    'fail',
    ['device_filter:device.isCompliant -eq True'],
  ],
  [
    'every exclusion of a policy is named',
    [policy({ users: { excludeUsers: [breakGlass, otherUser], excludeGroups: ['g1'] } })],
    'fail',
    ['group:g1', `user:${breakGlass}`, `user:${otherUser}`],
  ],
  [
    'a policy that excludes every platform applies to none',
    [policy({ conditions: { platforms: { include: ['all'], exclude: ['all'] } } })],
    'fail',
    openly,
  ],

  [
    'an excluded user is covered where another policy includes it',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ users: { includeUsers: [breakGlass] } })],
    'pass',
  ],
  [
    'an excluded user is covered by another policy for all that does not exclude it',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ users: { excludeUsers: [otherUser] } })],
    'pass',
  ],
  [
    'a user in other letters is the same user',
    [policy({ users: { excludeUsers: ['AB'] } }), second({ users: { excludeUsers: ['ab'] } })],
    'fail',
    ['user:ab'],
  ],
  [
    'a user that every policy excludes fails',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ users: { excludeUsers: [breakGlass] } })],
    'fail',
    [`user:${breakGlass}`],
  ],
  [
    'an excluded group is covered where another policy includes it',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'pass',
  ],
  [
    'an excluded group is not covered by a policy for another group',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { includeUsers: [], includeGroups: ['g2'] } }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'an excluded user is not covered by a group whose members nobody can read',
    [
      policy({ users: { excludeUsers: [breakGlass] } }),
      second({ users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'fail',
    [`user:${breakGlass}`],
  ],
  [
    'who is in two groups, each excluded from one policy, escapes both',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ users: { excludeGroups: ['g2'] } })],
    'fail',
    ['g1+g2'],
  ],
  [
    'a third policy without exclusions catches them',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { excludeGroups: ['g2'] } }),
      policy({ id: 'p3' }),
    ],
    'pass',
  ],
  [
    'an excluded user on an excluded app escapes two policies',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ apps: { excludeApplications: [app] } })],
    'fail',
    [`${app}+${breakGlass}`],
  ],
  [
    'two apps cannot be signed in to at once',
    [policy({ apps: { excludeApplications: [app] } }), second({ apps: { excludeApplications: [otherApp] } })],
    'pass',
  ],
  [
    'an excluded app is covered by a policy on that app',
    [policy({ apps: { excludeApplications: [app] } }), second({ apps: { includeApplications: [app] } })],
    'pass',
  ],
  [
    'an excluded app is not covered by a suite that it may not be in',
    [
      policy({ apps: { excludeApplications: [app] } }),
      second({ apps: { includeApplications: ['Office365'] } }),
    ],
    'fail',
    [`app:${app}`],
  ],
  [
    'an excluded app is not covered by a policy on that app for a group',
    [
      policy({ apps: { excludeApplications: [app] } }),
      second({ apps: { includeApplications: [app] }, users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'fail',
    [`app:${app}`],
  ],
  [
    'guests excluded here and included there pass',
    [
      policy({ users: { excludeUsers: ['GuestsOrExternalUsers'] } }),
      second({
        users: {
          includeUsers: [],
          includeGuestsOrExternalUsers: guests([
            'internalGuest',
            'b2bCollaborationGuest',
            'b2bCollaborationMember',
            'b2bDirectConnectUser',
            'otherExternalUser',
            'serviceProvider',
          ]),
        },
      }),
    ],
    'pass',
  ],
  [
    'guests of some organizations do not cover the guest type',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guests(['internalGuest']) } }),
      second({ users: { includeUsers: [], includeGuestsOrExternalUsers: guests(['internalGuest'], false) } }),
    ],
    'fail',
    ['guest_type:internalguest'],
  ],
  [
    'an excluded platform is covered by a policy for it',
    [
      policy({ conditions: { platforms: { include: ['all'], exclude: ['iOS'] } } }),
      second({ conditions: { platforms: { include: ['iOS'], exclude: [] } } }),
    ],
    'pass',
  ],
  [
    'inside and outside of trusted locations add up to everywhere',
    [
      policy({ conditions: { locations: { include: ['All'], exclude: ['AllTrusted'] } } }),
      second({ conditions: { locations: { include: ['AllTrusted'], exclude: [] } } }),
    ],
    'pass',
  ],
  [
    'devices that match and devices that do not add up to all',
    [
      policy({ conditions: { devices: { mode: 'exclude', rule: 'r' } } }),
      second({ conditions: { devices: { mode: 'include', rule: 'r' } } }),
    ],
    'pass',
  ],
  [
    'an excluded group covered only outside of trusted locations is named with them',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ conditions: { locations: { include: ['All'], exclude: ['AllTrusted'] } } }),
    ],
    'fail',
    ['g1+alltrusted'],
  ],
  [
    'an excluded group that is blocked needs no second factor',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { includeUsers: [], includeGroups: ['g1'] }, grant: blocking }),
    ],
    'pass',
  ],
  [
    'an excluded platform that is blocked needs no second factor',
    [
      policy({ conditions: { platforms: { include: ['all'], exclude: ['linux'] } } }),
      second({ conditions: { platforms: { include: ['linux'], exclude: [] } }, grant: blocking }),
    ],
    'pass',
  ],
  [
    'an exclusion is not covered by a report-only policy',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ state: 'enabledForReportingButNotEnforced' })],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion is not covered by a policy at risk only',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ conditions: { signInRiskLevels: ['high'] } })],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion is not covered by something weaker',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ grant: grant({ builtInControls: ['mfa', 'compliantDevice'] }) }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion covered for browsers only fails',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ conditions: { clientAppTypes: ['browser'] } })],
    'fail',
    ['group:g1'],
  ],
  // Authentication strengths, as Entra ships them and as somebody made them.
  [
    'the built-in strength that resists phishing passes',
    [
      policy({
        grant: grant({
          authenticationStrength: strength('mfa', [
            'fido2',
            'windowsHelloForBusiness',
            'x509CertificateMultiFactor',
          ]),
        }),
      }),
    ],
    'pass',
  ],
  [
    'the built-in passwordless strength passes',
    [
      policy({
        grant: grant({ authenticationStrength: strength('mfa', ['deviceBasedPush', 'fido2']) }),
      }),
    ],
    'pass',
  ],
  [
    'a strength of a federated factor and a code passes',
    [policy({ grant: grant({ authenticationStrength: strength(null, ['federatedSingleFactor, sms']) }) })],
    'pass',
  ],
  [
    'a strength that a QR code with a PIN satisfies is weaker',
    [policy({ grant: grant({ authenticationStrength: strength('mfa', ['fido2', 'qrCodePin']) }) })],
    'fail',
    openly,
  ],
  [
    'a strength and a compliant device, both demanded, pass',
    [
      policy({
        grant: grant({
          operator: 'AND',
          builtInControls: ['compliantDevice'],
          authenticationStrength: strength('mfa'),
        }),
      }),
    ],
    'pass',
  ],
  [
    'a strength or a hybrid-joined device is weaker',
    [
      policy({
        grant: grant({ builtInControls: ['domainJoinedDevice'], authenticationStrength: strength('mfa') }),
      }),
    ],
    'fail',
    openly,
  ],
  [
    'MFA with a change of password passes',
    [policy({ grant: grant({ operator: 'AND', builtInControls: ['mfa', 'passwordChange'] }) })],
    'pass',
  ],
  [
    'a change of password alone is no second factor',
    [policy({ grant: grant({ builtInControls: ['passwordChange'] }) })],
    'fail',
    openly,
  ],
  [
    'an approved app or an app protection policy is no second factor',
    [policy({ grant: grant({ builtInControls: ['approvedApplication', 'compliantApplication'] }) })],
    'fail',
    openly,
  ],

  // What is not known is neither a pass nor a fail, by name.
  [
    'a condition that is not known leaves it open whether the policy covers all',
    [policy({ conditions: { other: ['agentIdRiskLevels'] } })],
    'no_data',
    unknown,
  ],
  [
    'a condition that is not known beside a full policy changes nothing',
    [policy(), second({ conditions: { other: ['somethingNew'] } })],
    'pass',
  ],
  [
    'a condition that is not known on a policy that covers nobody else leaves the fail a fail',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: onGroup('g2'), conditions: { other: ['somethingNew'] } }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion that only a policy with an unknown condition may cover is unknown',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ conditions: { other: ['somethingNew'] } })],
    'no_data',
    unknown,
  ],
  [
    'a fail beside something unknown is a fail, and names both',
    [
      policy({ users: { excludeGroups: ['g1', 'g2'] } }),
      second({ users: onGroup('g1'), conditions: { other: ['somethingNew'] } }),
    ],
    'fail',
    ['group:g2', ...unknown],
  ],
  ['a state that is not known enforces or not', [policy({ state: 'enabledForSome' })], 'no_data', unknown],
  [
    'a grant control that is not known may be a second factor',
    [policy({ grant: grant({ builtInControls: ['unknownFutureValue'] }) })],
    'no_data',
    unknown,
  ],
  [
    'MFA and a control that is not known, both demanded, pass',
    [policy({ grant: grant({ operator: 'AND', builtInControls: ['mfa', 'unknownFutureValue'] }) })],
    'pass',
  ],
  [
    'MFA, a weaker control or one that is not known is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa', 'compliantDevice', 'unknownFutureValue'] }) })],
    'fail',
    openly,
  ],
  [
    'an operator that is not known between MFA and something weaker may be either',
    [policy({ grant: grant({ operator: null, builtInControls: ['domainJoinedDevice', 'mfa'] }) })],
    'no_data',
    unknown,
  ],
  [
    'a strength of which nothing is known is unknown',
    [policy({ grant: grant({ authenticationStrength: strength(null, []) }) })],
    'no_data',
    unknown,
  ],
  [
    'a strength that Entra says to need nothing is weaker',
    [policy({ grant: grant({ authenticationStrength: strength('none', ['fido2']) }) })],
    'fail',
    openly,
  ],
  [
    'a device filter whose mode is not known may take any devices',
    [policy({ conditions: { devices: { mode: 'somehow', rule: 'r' } } })],
    'no_data',
    unknown,
  ],
  [
    'a report-only policy with an unknown condition is report-only',
    [policy({ state: 'enabledForReportingButNotEnforced', conditions: { other: ['somethingNew'] } })],
    'fail',
    openly,
  ],

  // Places.
  [
    'MFA in trusted locations only leaves everywhere else open',
    [policy({ conditions: onlyIn('AllTrusted') })],
    'fail',
    openly,
  ],
  [
    'MFA outside of trusted locations with a block inside of them passes',
    [
      policy({ conditions: everywhereBut('AllTrusted') }),
      second({ conditions: onlyIn('AllTrusted'), grant: blocking }),
    ],
    'pass',
  ],
  [
    'a named location excluded here is not covered there by trusted ones: it may be none',
    [policy({ conditions: everywhereBut('l1') }), second({ conditions: onlyIn('AllTrusted') })],
    'fail',
    ['location:l1'],
  ],
  [
    'two named locations, each excluded from one policy, may overlap',
    [policy({ conditions: everywhereBut('l1') }), second({ conditions: everywhereBut('l2') })],
    'fail',
    ['l1+l2'],
  ],
  [
    'a block outside of one country demands nothing inside of it',
    [policy({ grant: blocking, conditions: everywhereBut('l1') })],
    'fail',
    openly,
  ],
  [
    'a block outside of one country and MFA inside of it pass together',
    [policy({ grant: blocking, conditions: everywhereBut('l1') }), second({ conditions: onlyIn('l1') })],
    'pass',
  ],

  // Apps and suites.
  [
    'MFA on all apps but Office 365, and on Office 365, passes',
    [
      policy({ apps: { excludeApplications: ['Office365'] } }),
      second({ apps: { includeApplications: ['Office365'] } }),
    ],
    'pass',
  ],
  [
    'an excluded suite is not covered by one of its apps',
    [
      policy({ apps: { excludeApplications: ['Office365'] } }),
      second({ apps: { includeApplications: [app] } }),
    ],
    'fail',
    ['app:office365'],
  ],
  [
    'an app and a suite, each excluded from one policy, may be the same app',
    [
      policy({ apps: { excludeApplications: [app] } }),
      second({ apps: { excludeApplications: ['Office365'] } }),
    ],
    'fail',
    [`${app}+office365`],
  ],
  [
    'MFA on the admin portals alone leaves every other app open',
    [policy({ apps: { includeApplications: ['MicrosoftAdminPortals'] } })],
    'fail',
    openly,
  ],
  ['MFA on no app is none', [policy({ apps: { includeApplications: ['None'] } })], 'fail', openly],
  [
    'one policy per app leaves the app that nobody thought of open',
    [
      policy({ apps: { includeApplications: [app] } }),
      second({ apps: { includeApplications: [otherApp, 'Office365'] } }),
    ],
    'fail',
    openly,
  ],

  // People.
  [
    'a policy that includes and excludes the same group takes nobody',
    [policy(), second({ users: { ...onGroup('g1'), excludeGroups: ['g1'] }, grant: blocking })],
    'pass',
  ],
  [
    'an excluded group that the policy made for it excludes again fails',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { ...onGroup('g1'), excludeUsers: [breakGlass] } }),
    ],
    'fail',
    [`g1+${breakGlass}`],
  ],
  [
    'an excluded role is covered where another policy includes it',
    [
      policy({ users: { excludeRoles: ['r1'] } }),
      second({ users: { includeUsers: [], includeRoles: ['r1'] } }),
    ],
    'pass',
  ],
  [
    'an excluded group is covered only where the policy for it takes every app',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: onGroup('g1'), apps: { includeApplications: ['Office365'] } }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'members in one policy and every guest type in another pass together',
    [
      policy({ users: { excludeGuestsOrExternalUsers: everyGuest } }),
      second({ users: { includeUsers: [], includeGuestsOrExternalUsers: everyGuest } }),
    ],
    'pass',
  ],
  [
    'guests covered but for one type fail by that type',
    [
      policy({ users: { excludeUsers: ['GuestsOrExternalUsers'] } }),
      second({
        users: {
          includeUsers: [],
          includeGuestsOrExternalUsers: {
            ...everyGuest,
            types: everyGuest.types.filter(type => type !== 'serviceProvider'),
          },
        },
      }),
    ],
    'fail',
    ['guest_type:serviceprovider'],
  ],
  [
    'a policy for administrators beside one for all adds nothing and takes nothing',
    [
      policy(),
      second({
        users: { includeUsers: [], includeRoles: ['r1'] },
        grant: grant({ authenticationStrength: strength('mfa', ['fido2']) }),
      }),
    ],
    'pass',
  ],
  [
    'directory sync accounts excluded by role fail by that role',
    [policy({ users: { excludeRoles: ['d29b2b05-8046-44ba-8758-1e26182fcf32'] } })],
    'fail',
    ['role:d29b2b05-8046-44ba-8758-1e26182fcf32'],
  ],

  // Devices, clients, flows, session controls.
  [
    'devices in the filter of one policy and unfiltered ones in none fail',
    [
      policy({ conditions: { devices: { mode: 'include', rule: 'r' } } }),
      second({ conditions: { devices: { mode: 'include', rule: 's' } } }),
    ],
    'fail',
    openly,
  ],
  [
    'an excluded platform on excluded devices escapes two policies',
    [
      policy({ conditions: { platforms: { include: ['all'], exclude: ['iOS'] } } }),
      second({ conditions: { devices: { mode: 'exclude', rule: 'r' } } }),
    ],
    'fail',
    ['r+ios'],
  ],
  [
    'a policy for legacy clients alone says nothing of modern ones',
    [policy({ conditions: { clientAppTypes: ['exchangeActiveSync', 'other'] } })],
    'fail',
    openly,
  ],
  [
    'a block of device code flow beside a full policy changes nothing',
    [policy(), second({ grant: blocking, conditions: { other: ['authenticationFlows'] } })],
    'pass',
  ],
  [
    'a block of device code flow covers no exclusion',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ grant: blocking, conditions: { other: ['authenticationFlows'] } }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'a policy at high risk of workloads is not about people',
    [policy({ conditions: { servicePrincipalRiskLevels: ['high'] } })],
    'fail',
    openly,
  ],

  // Exceptions that somebody asked for and another person approved.
  [
    'an excepted user passes by exception',
    [policy({ users: { excludeUsers: [breakGlass] } })],
    'pass',
    [],
    [excepted('user', breakGlass)],
  ],
  [
    'an account that is excepted is the user that is excluded',
    [policy({ users: { excludeUsers: [breakGlass] } })],
    'pass',
    [],
    [excepted('account', breakGlass)],
  ],
  [
    'one of two exclusions excepted leaves the other',
    [policy({ users: { excludeUsers: [breakGlass], excludeGroups: ['g1'] } })],
    'fail',
    ['group:g1'],
    [excepted('user', breakGlass)],
  ],
  [
    'an exception for another group closes nothing',
    [policy({ users: { excludeGroups: ['g1'] } })],
    'fail',
    ['group:g1'],
    [excepted('group', 'g2')],
  ],
  [
    'an exception for one of two groups closes where they meet',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ users: { excludeGroups: ['g2'] } })],
    'pass',
    [],
    [excepted('group', 'g1')],
  ],
  [
    'an excepted guest type, app, platform, location and device filter pass',
    [
      policy({
        users: { excludeGuestsOrExternalUsers: guests(['serviceProvider']) },
        apps: { excludeApplications: [app] },
        conditions: {
          platforms: { include: ['all'], exclude: ['linux'] },
          devices: { mode: 'exclude', rule: 'r' },
          ...everywhereBut('AllTrusted'),
        },
      }),
    ],
    'pass',
    [],
    [
      excepted('guest_type', 'serviceprovider'),
      excepted('app', app),
      excepted('platform', 'linux'),
      excepted('location', 'alltrusted'),
      excepted('device_filter', 'r'),
    ],
  ],
  [
    'an excepted client type is left out, and the other is judged',
    [policy({ conditions: { clientAppTypes: ['browser'] } })],
    'pass',
    [],
    [excepted('client_type', 'mobileAppsAndDesktopClients')],
  ],
  [
    'an exception stands in for no policy',
    [],
    'fail',
    openly,
    [excepted('user', breakGlass), excepted('group', 'g1')],
  ],
]
