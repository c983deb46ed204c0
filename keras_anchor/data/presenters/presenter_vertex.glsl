#version 330
// Positions are in half frames, x right, y down, z toward the viewer.
uniform float distance_;      // of the viewer from depth 0
uniform mat4 light;           // to the key light's clip space
uniform bool from_light;      // draw the shadow map instead of the picture
in vec3 position;
in vec3 normal;
in vec2 uv;
out vec3 n;
out vec3 p;
out vec2 t;
out vec3 shadow_p;

void main() {
    vec4 lit = light * vec4(position, 1.0);
    float depth = distance_ - position.z;
    float near = distance_ - 2.0, far = distance_ + 3.0;
    gl_Position = from_light
        ? lit
        : vec4(position.x * distance_, -position.y * distance_,
               ((far + near) * depth - 2.0 * far * near) / (far - near), depth);
    n = normal;
    p = position;
    t = vec2(uv.x, 1.0 - uv.y);
    shadow_p = lit.xyz * 0.5 + 0.5;
}
