import type {Role, Roles} from '../api/client.ts';
import {session} from '../session/session.ts';
import {t, word} from '../text/language.ts';
import {Choice} from '../parts/controls.tsx';
import {Said} from '../parts/text.tsx';

/** As the space of a role: every one, also those that come later. */
export const kEverywhere = '*';

const kRoles: Role[] = ['viewer', 'operator', 'admin'];

/** The spaces in which the one who looks may give roles. */
export const givenSpaces = (): string[] => {
  const {roles = [], everywhere} = session.value ?? {};
  const own = roles.filter((r) => r.role === 'admin').map((r) => r.space);
  return everywhere === 'admin' ? [kEverywhere, ...own] : own;
};

/** What the one who looks may, in as few words as say it. */
export const effectiveRoles = (): Roles => {
  const {roles = [], everywhere} = session.value ?? {};
  return everywhere ? [{space: kEverywhere, role: everywhere}, ...roles.filter((r) => r.role !== everywhere)] : roles;
};

export const spaceName = (space: string) => (space === kEverywhere ? t('roles.everywhere') : space);

/** Roles in spaces, each as a word beside its space. */
export const RoleTags = ({roles}: {roles: Roles}) => (
  <ul class="role-tags">
    {roles.map(({space, role}) => (
      <li key={space} class="tag">
        <Said text={spaceName(space)} /> · {word('role_of', role)}
      </li>
    ))}
    {roles.length === 0 && <li class="soft">{t('roles.none')}</li>}
  </ul>
);

/** Which role. */
export const RoleChoice = ({value, onChange}: {value: Role; onChange(value: Role): void}) => (
  <div class="field">
    <span>{t('roles.role')}</span>
    <Choice
      label={t('roles.role')}
      value={value}
      onChange={onChange}
      options={kRoles.map((role): [Role, string] => [role, word('role_of', role)])}
    />
    <p class="soft small">{t(`roles.${value}_may`)}</p>
  </div>
);

/** In which spaces: every one, or some. */
export function SpacesChoice({value, onChange}: {value: string[]; onChange(value: string[]): void}) {
  const all = value.includes(kEverywhere);
  const toggle = (space: string) =>
    onChange(
      space === kEverywhere
        ? all
          ? []
          : [kEverywhere]
        : value.includes(space)
          ? value.filter((s) => s !== space)
          : [...value, space],
    );
  return (
    <fieldset class="field checks">
      <legend>{t('settings.spaces')}</legend>
      {givenSpaces().map((space) => (
        <label key={space}>
          <input
            type="checkbox"
            checked={value.includes(space)}
            disabled={all && space !== kEverywhere}
            onChange={() => toggle(space)}
          />
          <span>
            <Said text={spaceName(space)} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The role of each space by a choice of its own; an empty one is none. */
export function RoleOfEach({roles, onChange}: {roles: Roles; onChange(space: string, role: Role | ''): void}) {
  return (
    <ul class="role-list">
      {givenSpaces().map((space) => (
        <li key={space}>
          <label>
            <span>
              <Said text={spaceName(space)} />
            </span>
            <select
              value={roles.find((r) => r.space === space)?.role ?? ''}
              onChange={(e) => onChange(space, e.currentTarget.value as Role | '')}
            >
              <option value="">{t('roles.no_role')}</option>
              {kRoles.map((role) => (
                <option key={role} value={role}>
                  {word('role_of', role)}
                </option>
              ))}
            </select>
          </label>
        </li>
      ))}
    </ul>
  );
}
