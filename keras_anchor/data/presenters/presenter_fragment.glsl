#version 330
// Soft studio light: a large key from the upper left with shadows, a cool fill, two
// rims. Light is summed linearly, tone mapped, and written in sRGB.
const int SKIN = 0, HAIR = 1, EYES = 2, LASHES = 3, CLOTH = 4, TEETH = 5, TONGUE = 6;

uniform sampler2D picture;
uniform sampler2D mouth_mask;
uniform sampler2D shadow_map;
uniform sampler2D grain;
uniform int kind;
uniform bool from_light;
uniform bool is_soft_pass;    // second pass of hair: only its transparent edges
uniform float distance_;
uniform float lips_z;
uniform vec3 tint;
in vec3 n;
in vec3 p;
in vec2 t;
in vec3 shadow_p;
out vec4 colour;

const vec3 KEY = vec3(-0.50, -0.58, 0.65), FILL = vec3(0.80, -0.15, 0.60);
const vec3 RIM_LEFT = vec3(-0.75, -0.35, -0.55), RIM_RIGHT = vec3(0.75, -0.35, -0.55);

// Tiling noise in [0, 1]: heights, their slopes in x and y.
vec3 noise(vec2 at) { return texture(grain, at).rgb; }

// Share of the key light that arrives: 8 taps on a disc, as wide as a softbox.
float lit_share(vec3 normal) {
    if (dot(normal, KEY) < -0.35) return 0.0;
    float sum = 0.0;
    for (int i = 0; i < 8; i++) {
        float r = sqrt((float(i) + 0.5) / 8.0), a = float(i) * 2.39996;
        vec2 at = shadow_p.xy + vec2(cos(a), sin(a)) * r * 0.020;
        float gap = shadow_p.z - texture(shadow_map, at).r;
        sum += 1.0 - smoothstep(0.006, 0.014, gap);
    }
    return sum / 8.0;
}

float highlight(vec3 normal, vec3 view, vec3 light, float sharpness) {
    return pow(max(dot(normal, normalize(light + view)), 0.0), sharpness);
}

void main() {
    vec4 a = texture(picture, t);
    if (kind == HAIR) {
        if (is_soft_pass ? (a.a >= 0.55 || a.a < 0.04) : a.a < 0.55) discard;
    } else if (kind == LASHES) {
        if (a.a < 0.05) discard;
    } else if (kind != SKIN && kind != CLOTH && a.a < 0.5) discard;
    if (from_light) { colour = vec4(1.0); return; }

    vec3 view = normalize(vec3(0.0, 0.0, distance_) - p);
    vec3 normal = normalize(n);
    if (dot(normal, view) < 0.0 && kind != SKIN && kind != EYES) normal = -normal;
    vec3 albedo = pow(a.rgb, vec3(2.2));
    float gloss = 0.0, sharpness = 20.0, occlusion = 1.0, alpha = 1.0;
    vec3 wrap = vec3(0.12), specular_tint = vec3(1.0);

    if (kind == SKIN) {
        float inside = smoothstep(0.3, 0.7, texture(mouth_mask, t).r);
        vec3 fine = noise(t * 8.0), coarse = noise(t * 2.7);
        // Pores at two scales, as bumps and as colour.
        vec2 bump = (fine.yz - 0.5) + 0.7 * (coarse.yz - 0.5);
        normal = normalize(normal + vec3(bump * 0.22 * (1.0 - inside), 0.0));
        float blotch = 0.5 * noise(t * 0.4).x + 0.5 * coarse.x;
        albedo *= mix(vec3(0.95, 0.90, 0.88), vec3(1.03, 1.04, 1.05), blotch);
        albedo *= vec3(0.93, 0.88, 0.85);
        albedo = mix(albedo, vec3(0.16, 0.035, 0.035), inside);
        occlusion = mix(1.0, clamp(1.0 - (lips_z - p.z) * 2.6, 0.04, 0.5), inside);
        wrap = vec3(0.50, 0.26, 0.18);
        gloss = 0.085 * (0.75 + 0.5 * fine.x) * (1.0 - 0.6 * inside);
        sharpness = 16.0;
    } else if (kind == HAIR) {
        albedo *= tint;
        // Along the strand, from the derivatives of place and texture.
        vec3 strand = dFdx(p) * dFdy(t.x) - dFdy(p) * dFdx(t.x);
        strand = normalize(strand + vec3(0.0, 1e-6, 0.0));
        float across = dot(strand, normalize(normalize(KEY) + view));
        float sheen = pow(max(1.0 - across * across, 0.0), 24.0);
        specular_tint = vec3(1.0, 0.90, 0.78);
        gloss = 0.05 * sheen + 0.02;
        occlusion = mix(0.55, 1.0, smoothstep(0.0, 0.5, a.a));
        sharpness = 8.0;
        alpha = is_soft_pass ? a.a : 1.0;
        wrap = vec3(0.30);
    } else if (kind == EYES) {
        albedo = mix(albedo, albedo * vec3(0.90, 0.86, 0.84), 0.8);
        // The upper lid and the corners shade the eyeball.
        occlusion = mix(0.30, 1.0, smoothstep(-0.62, 0.02, normal.y));
        occlusion *= mix(0.60, 1.0, smoothstep(0.25, 0.72, normal.z));
        wrap = vec3(0.40);
        gloss = 1.5;
        sharpness = 320.0;
    } else if (kind == LASHES) {
        alpha = a.a * 0.65;
        albedo *= 0.55;
        wrap = vec3(0.4);
    } else if (kind == CLOTH) {
        albedo *= tint;
        albedo *= 0.92 + 0.16 * noise(t * vec2(11.0, 4.0)).x;
        gloss = 0.015;
    } else {
        float grey = dot(a.rgb, vec3(0.333));
        bool is_tongue = kind == TONGUE;
        albedo = is_tongue ? albedo * vec3(0.85, 0.55, 0.55)
                           : pow(grey, 1.25) * vec3(1.12, 1.02, 0.88);
        float behind = lips_z - p.z;
        occlusion = clamp(1.06 - behind * (is_tongue ? 3.4 : 2.6), 0.05, 1.0);
        wrap = vec3(0.5);
        gloss = is_tongue ? 0.08 : 0.22;
        sharpness = 50.0;
    }

    vec3 key = normalize(KEY), fill = normalize(FILL);
    float share = kind == TEETH || kind == TONGUE ? 0.8 : lit_share(normal);
    vec3 toward = clamp((dot(normal, key) + wrap) / (1.0 + wrap), 0.0, 1.0);
    // Light that enters skin at a shadow's edge comes out red.
    vec3 arriving = kind == SKIN ? pow(vec3(share), vec3(0.70, 1.0, 1.1)) : vec3(share);
    vec3 light = vec3(1.0, 0.955, 0.90) * 1.75 * toward * arriving;
    light += vec3(0.80, 0.88, 1.0) * 0.55
        * clamp((dot(normal, fill) + 0.3) / 1.3, 0.0, 1.0);
    light += vec3(1.0, 0.97, 0.94) * 0.45 * (max(dot(normal, normalize(RIM_LEFT)), 0.0)
        + max(dot(normal, normalize(RIM_RIGHT)), 0.0));
    light += mix(vec3(0.38, 0.40, 0.44), vec3(0.20, 0.17, 0.155), 0.5 + 0.5 * normal.y);

    float edge = pow(1.0 - max(dot(normal, view), 0.0), 5.0);
    vec3 shine = vec3(highlight(normal, view, key, sharpness) * share
        + 0.35 * highlight(normal, view, fill, sharpness)) * gloss;
    shine += edge * (kind == SKIN ? 0.10 : kind == HAIR || kind == CLOTH ? 0.04 : 0.0);
    vec3 sum = (albedo * light * 0.80 + shine * specular_tint) * occlusion;
    sum = sum / (1.0 + 0.22 * sum);
    colour = vec4(pow(clamp(sum, 0.0, 1.0), vec3(1.0 / 2.2)), alpha);
}
